"""Who said what: spoken words in a text, direct or reported, and their speakers, in nine languages.

`marks` finds what stands between quotation marks or behind a dash, and `words` knows what the words around it do.
`people` finds whom the text names, with the `names` by which they are known and the `offices` beside these; `holders`
finds who is meant by an office, and `speakers` by any subject. `subjects` finds who may speak in a sentence. `frames`
tells speech from titles and finds its subject; `clauses` finds what is reported without marks: with the `verbs` of
speech, the `edges` of clauses, those that are made `nominal`, and what of them is `reported`. The words are data
(`otswatch/taxonomy/quotes/*.yaml`, one file per language); nothing here knows a language.
"""
