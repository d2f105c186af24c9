"""Commands that run on a schedule: a second run at the same time says so and does nothing."""

from typing import Any

from django.core.management.base import BaseCommand, OutputWrapper

from localoffer.run_lock import AlreadyRunning, only_one


class ScheduledCommand(BaseCommand):
    """One run at a time for each database, whichever server it is on. It exits 0 where another is at
    work: the work is being done, and nobody need be told at night."""

    @classmethod
    def lock_name(cls) -> str:
        return cls.__module__.rpartition(".")[2]

    def execute(self, *args: Any, **options: Any) -> Any:
        name = self.lock_name()
        try:
            with only_one(name):
                return super().execute(*args, **options)
        except AlreadyRunning:
            said = OutputWrapper(options.get("stdout") or self.stdout)
            said.write(f"{name}: another run has not ended yet. Nothing was done.")
            return None
