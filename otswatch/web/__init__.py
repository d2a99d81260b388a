"""The first page: what is new, search, an article with its evidence, sources. Server-rendered, no JavaScript.

`app.create_app` makes the application, `server.serve` runs it. The same requests (`otswatch.search_request`) are
answered as pages, as JSON (`api`) and as Atom (`atom`).
"""
