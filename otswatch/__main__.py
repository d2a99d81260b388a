"""`python -m otswatch` is the command `otswatch`."""

if __name__ == "__main__":  # a worker process loads this module, too, and needs no commands
    from otswatch.cli import main

    main()
