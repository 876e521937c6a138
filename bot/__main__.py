"""`python -m bot` is `pairec-access`."""

from bot.cli import main

if __name__ == "__main__":
    main()
