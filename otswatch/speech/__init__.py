"""Who said what: spoken words in a text, direct or reported, and their speakers, in nine languages.

`marks` finds what stands between quotation marks or behind a dash, `words` knows what the words around it do, `people`
whom the text names, `frames` tells speech from titles and finds its speaker, `clauses` finds what is reported without
marks. The words are data (`otswatch/taxonomy/quotes/*.yaml`, one file per language); nothing here knows a language.
"""
