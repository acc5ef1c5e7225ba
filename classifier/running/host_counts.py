"""Which hosts have the most paywall text, counted in bounded memory."""

from dataclasses import dataclass, field

# Whenever there are more than MOST_HOSTS, only the first KEPT_HOSTS go on.
MOST_HOSTS = 2_000
KEPT_HOSTS = 1_000


@dataclass
class HostCounts:
    """Paywall text by host; counts of several parts add up.

    Attributes
    ----------
    hosts : dict of str to (int, int)
        For each host its documents with paywall text, and characters of it.
    most_missing : int
        No host has more paywall characters than are counted here plus these:
        hosts with little are forgotten, and may have come again later.
    """

    hosts: dict[str, tuple[int, int]] = field(default_factory=dict)
    most_missing: int = 0

    def add(self, host: str, documents: int, characters: int) -> None:
        """Count documents of a host.

        Parameters
        ----------
        host : str
        documents, characters : int
            How many more.
        """
        before = self.hosts.get(host, (0, 0))
        self.hosts[host] = (before[0] + documents, before[1] + characters)

    def merge(self, other: "HostCounts") -> None:
        """Add the counts of another part.

        Parameters
        ----------
        other : HostCounts
        """
        for host, counts in other.hosts.items():
            self.add(host, *counts)
        self.most_missing += other.most_missing
        self.forget_small()

    def forget_small(self) -> None:
        """Let go of the hosts with least paywall text, if there are too many."""
        if len(self.hosts) > MOST_HOSTS:
            ordered = self.ordered()
            self.most_missing += ordered[KEPT_HOSTS][2]
            self.hosts = {host: (n, chars) for host, n, chars in ordered[:KEPT_HOSTS]}

    def ordered(self) -> list[tuple[str, int, int]]:
        """List host, documents and characters, most characters first.

        Returns
        -------
        list of tuple of str, int and int
            Of equal ones in alphabetical order.
        """
        rows = ((host, *counts) for host, counts in self.hosts.items())
        return sorted(rows, key=lambda row: (-row[2], row[0]))
