"""Progress bars for commands, one a step."""

from typing import Any

from tqdm import tqdm


class Bars:
    """A `Progress` that draws a bar for each step, one after the other."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.bar, self.step = stream, None, ""

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self.step:
            self.close()
            self.step = step
            self.bar = tqdm(total=total or None, desc=f"  {step}", unit=" rows", file=self.stream)
        if self.bar is not None:
            self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
