"""The `clearway` command: a group whose commands are imported only when called, so that help is instant.

A command's module has a function `command` with Typer's annotations, or a Typer `app` of its own (`export`).
To add a command: write the module, add its line to `COMMANDS`.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from clearway.release import release

# name → (module under clearway.cli, help line)
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("run", "Simulate a case: exposure of every compound."),
    "compare": ("compare", "Simulate a case with and without its added drugs: ratios and what caused them."),
    "cohort": ("cohort", "A case in very many virtual people, streamed to Parquet."),
    "serve": ("serve", "Open the page: build a case, see its pairs, simulate it."),
    "screen": ("screen", "Predict the interactions of every pair of drugs by the static model."),
    "show": ("show", "Print a compound's card: every value with unit, evidence and source."),
    "audit": ("audit", "List every value by its evidence, the weakest points first."),
    "qualify": ("qualify", "Hold the model against clinical study arms."),
    "new": ("new", "Write a commented case file to start from."),
    "export": ("export", "Export a case (SBML, event table) or its results (CSV, Parquet, NetCDF)."),
    "import": ("import_", "Import a case (NONMEM event table, FHIR medication list)."),
    "doctor": ("doctor", "Check this installation and the library."),
}


def _exists(name: str) -> bool:
    module = Path(__file__).parent / COMMANDS[name][0]
    return module.with_suffix(".py").exists() or module.is_dir()


class LazyGroup(TyperGroup):
    """Lists commands from the table; imports one only to run it or to print its own help."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in COMMANDS if _exists(name)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS or not _exists(cmd_name):
            return None
        module = importlib.import_module(f"clearway.cli.{COMMANDS[cmd_name][0]}")
        own = getattr(module, "app", None)
        if own is None:
            own = typer.Typer(add_completion=False, rich_markup_mode=None)
            own.command(help=module.command.__doc__)(module.command)
        built = typer.main.get_command(own)
        built.name = cmd_name
        return built

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


app = typer.Typer(cls=LazyGroup, rich_markup_mode=None, no_args_is_help=True, pretty_exceptions_enable=False)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"clearway {release('(not installed)')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """What do the medicines and drugs that one person takes do to each other?

    For research and education; it supports a professional who can check the basis, and replaces none.
    """


def run(argv: list[str]) -> int:
    """Parse and run; the exit code."""
    command = typer.main.get_command(app)
    code = command.main(args=argv, prog_name="clearway", standalone_mode=True) if _completing() else _call(command, argv)
    return code if isinstance(code, int) else 0


def _completing() -> bool:
    """Shell completion talks to the program through this variable."""
    import os

    return "_CLEARWAY_COMPLETE" in os.environ


def _call(command: Any, argv: list[str]) -> Any:
    """Without Typer's own top level, which would turn our errors into tracebacks."""
    outcome = _parser_errors()
    try:
        return command.main(args=argv, prog_name="clearway", standalone_mode=False)
    except outcome as error:
        import sys

        # Usage errors are bad input: one line, exit code 2. An empty message is help already printed.
        text = error.format_message() if hasattr(error, "format_message") else str(error)
        context = getattr(error, "ctx", None)
        if type(error).__name__ == "NoArgsIsHelpError":
            print(text)
            return 0
        where = context.command_path if context else "clearway"
        print(f"{where}: {text} (see '{where} --help')", file=sys.stderr)
        return 2


def _parser_errors() -> type[Exception]:
    """Typer may carry its own copy of click: take the class from the one it uses."""
    import sys

    module = sys.modules[TyperGroup.__mro__[1].__module__]
    package = module.__name__.rsplit(".", 1)[0]
    found: type[Exception] = importlib.import_module(f"{package}.exceptions").ClickException
    return found
