"""Progress bars for commands, one a step."""

import sys

from tqdm import tqdm


class Bars:
    """A `Progress` that draws a bar for each step, one after the other.

    It writes to the terminal itself: a command's own `stderr` ends every write with a new line.
    """

    def __init__(self) -> None:
        self.bar: tqdm | None = None
        self.step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self.step:
            self.close()
            self.step = step
            self.bar = tqdm(total=total or None, desc=f"  {step}", unit=" rows", file=sys.stderr)
        if self.bar is not None:
            self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
