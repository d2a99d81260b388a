"""Kibana dashboards as code: a small source in YAML, saved objects made of it, and a verifier of any such file.

`source/` says what is shown; `bundle` makes of it what Kibana imports, the same bytes each time; `verify` judges a
folder of such files by themselves, however they were made. No Kibana is asked: what cannot be known without one stands
in `docs/reference/kibana.md`.
"""
