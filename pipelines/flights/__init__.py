"""Will a flight from New York arrive late? The flagship: a month of flights is a span."""
