"""`python -m otswatch` is the command `otswatch`."""

from otswatch.cli import main

if __name__ == "__main__":
    main()
