"""What the dashboards say: reading sentences, the words of a snapshot, numbers and dates."""
