"""What people put right: an analyst's word on the areas, kind, relevance or date of an article, or on who spoke.

`values` says which words can be said, `fold` puts them over what the machine made (and takes them off again), `kept`
holds them in `State`, where they outlast every fetch and every `reprocess`, `acts` is what the command line and the
page do, and `export` writes what stands as labels for an evaluation. Why so: docs/decisions/0016-corrections.md.
"""
