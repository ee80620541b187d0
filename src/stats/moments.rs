//! Running means and co-moments of vectors, numerically stable and mergeable.

/// Below this share of its terms a variance is rounding noise and counts as 0.
const NOISE: f64 = 1e-13;

/// Means and centered sums of products of `K` quantities that are observed together.
///
/// Welford 1962, "Note on a method for calculating corrected sums of squares and products",
/// Technometrics 4; merging after Chan, Golub, `LeVeque` 1979.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CoMoments<const K: usize> {
    count: u64,
    means: [f64; K],
    /// Entry (i, j): sum of (xᵢ − mean of xᵢ)(xⱼ − mean of xⱼ).
    products: [[f64; K]; K],
}

impl<const K: usize> Default for CoMoments<K> {
    fn default() -> Self {
        Self { count: 0, means: [0.0; K], products: [[0.0; K]; K] }
    }
}

impl<const K: usize> CoMoments<K> {
    pub(super) fn push(&mut self, observation: [f64; K]) {
        self.count += 1;
        let mut before = [0.0; K];
        let mut after = [0.0; K];
        for i in 0..K {
            before[i] = observation[i] - self.means[i];
            self.means[i] += before[i] / self.count as f64;
            after[i] = observation[i] - self.means[i];
        }
        for (row, from_old) in self.products.iter_mut().zip(before) {
            for (product, from_new) in row.iter_mut().zip(after) {
                *product += from_old * from_new;
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        let (own, others) = (self.count as f64, other.count as f64);
        let total = own + others;
        let apart: [f64; K] = std::array::from_fn(|i| other.means[i] - self.means[i]);
        for (i, row) in self.products.iter_mut().enumerate() {
            for (j, product) in row.iter_mut().enumerate() {
                *product += other.products[i][j] + apart[i] * apart[j] * own * others / total;
            }
        }
        for (mean, apart) in self.means.iter_mut().zip(apart) {
            *mean += apart * others / total;
        }
        self.count += other.count;
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn means(&self) -> [f64; K] {
        self.means
    }

    /// Sample variance of Σ `coefficients`ᵢ xᵢ; `None` for fewer than two observations.
    pub(super) fn variance_of(&self, coefficients: [f64; K]) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let mut sum = 0.0;
        let mut scale = 0.0;
        for i in 0..K {
            scale += coefficients[i] * coefficients[i] * self.products[i][i];
            for j in 0..K {
                sum += coefficients[i] * coefficients[j] * self.products[i][j];
            }
        }
        Some(if sum <= NOISE * scale { 0.0 } else { sum / (self.count - 1) as f64 })
    }
}
