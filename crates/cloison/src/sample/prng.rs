//! A small seeded generator: the same seed makes the same site on every machine and with every library version.

/// SplitMix64. Not for secrets.
#[derive(Clone)]
pub(super) struct Prng(u64);

impl Prng {
    /// A generator of its own for one purpose, so that a change in one part of a site leaves the others as they were.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let mut prng = Self(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        prng.next();
        prng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to 1, without 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `low` to `high`, both included.
    #[expect(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "the span of two i64 that we write is small")]
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.next() % ((high - low).max(0) as u64 + 1)) as i64
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// About normal, mean 0 and deviation 1: a sum of twelve, because only `+` is exact on every machine.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One of `from`; the default when it is empty.
    pub(super) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let last = i64::try_from(from.len()).unwrap_or(1) - 1;
        from.get(usize::try_from(self.between(0, last)).unwrap_or(0)).copied().unwrap_or_default()
    }

    /// A position in `weights`, each as likely as its weight says.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        weights
            .iter()
            .position(|weight| {
                left -= weight;
                left < 0.0
            })
            .unwrap_or(0)
    }
}

/// A rise from 0 to 1 around 0, with `+ - * /` only: the same on every machine.
pub(super) fn squash(x: f64) -> f64 {
    0.5 + 0.5 * x / (1.0 + x.abs())
}
