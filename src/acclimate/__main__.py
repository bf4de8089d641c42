"""`python -m acclimate`: the command line."""

from acclimate.faces.cli.main import app

if __name__ == "__main__":
    app(prog_name="acclimate")
