"""The command that fills forms from above."""

from __future__ import annotations

from pathlib import Path

import click

from commlms.cli.context import Context, pass_context
from commlms.cli.terminal import say
from commlms.core.labels import Label

_LOST = Label("表中的图形或控件（{parts}）没有照搬；请核对", "drawings or controls of the form ({parts}) are not carried over; check them")


@click.command("fill")
@click.argument("form", type=click.Path(path_type=Path))
@click.option("--period", default=None, help="The period, if the bindings name none. 时期")
@click.option("--bindings", type=click.Path(path_type=Path), default=None, help="The TOML file; beside the form if not given. 绑定")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Where to write it; FORM-filled beside it if not given. 写到")
@pass_context
def fill_(context: Context, form: Path, period: str | None, bindings: Path | None, out: Path | None) -> None:
    """Fill FORM (.xlsx, .xlsm, .docx) with figures, as the TOML file of its name says; the form itself stays as it came."""
    done = context.reading.office.fill(form, period, bindings=bindings, out=out)
    lacking = sum(a.numerator is None for a in done.answers)
    say(Label("{path}：填了 {n} 处，其中 {lacking} 处无数据", "{path}: {n} filled, {lacking} of them without data"), context.lang,
        path=done.path, n=len(done.answers), lacking=lacking)
    if done.lost:
        say(_LOST, context.lang, err=True, parts=", ".join(done.lost))
