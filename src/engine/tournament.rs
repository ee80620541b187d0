//! Which of many players has the least key, where the key of one changes at a time: first attempts by
//! source, agents with several contacts open.
//!
//! Of each four players the least goes on to the next round. When the key of one changes, its own
//! rounds are played again and no other: half as many as a binary tree has, and neither these nor the
//! comparisons within them depend on what is compared, so that nothing is guessed wrong.

use super::calendar::NOTHING;

/// Players of a round.
const ARITY: usize = 4;

/// The keys of some players.
#[derive(Clone, Debug)]
pub(super) struct Tournament {
    /// Who meets in each round. The last round is at 0; the winners of the rounds 4 i + 1 to 4 i + 4
    /// meet in round i. The players themselves, four each, begin in the rounds from `first` on.
    rounds: Vec<[u64; ARITY]>,
    first: usize,
    least: u64,
}

impl Tournament {
    /// So many players, all of them with the key [`NOTHING`].
    pub(super) fn new(players: usize) -> Self {
        let (mut first, mut beginnings) = (0, 1);
        while ARITY * beginnings < players {
            first += beginnings;
            beginnings *= ARITY;
        }
        // Rounds in which nobody plays are left away.
        let used = players.div_ceil(ARITY).max(1);
        Self { rounds: vec![[NOTHING; ARITY]; first + used], first, least: NOTHING }
    }

    /// The least key.
    #[inline(always)]
    pub(super) fn least(&self) -> u64 {
        self.least
    }

    /// Gives a player another key.
    #[inline(always)]
    pub(super) fn set(&mut self, player: usize, key: u64) {
        let mut round = self.first + player / ARITY;
        self.rounds[round][player % ARITY] = key;
        while round > 0 {
            let winner = least_of(self.rounds[round]);
            let player = round - 1;
            round = player / ARITY;
            self.rounds[round][player % ARITY] = winner;
        }
        self.least = least_of(self.rounds[0]);
    }

    /// The player with the least key, of equal ones the first.
    #[inline(always)]
    pub(super) fn winner(&self) -> usize {
        let mut round = 0;
        loop {
            let [a, b, c, _] = self.rounds[round];
            let behind = [a, b, c].map(|key| usize::from(key != self.least));
            let player = behind[0] * (1 + behind[1] * (1 + behind[2]));
            if round >= self.first {
                return ARITY * (round - self.first) + player;
            }
            round = ARITY * round + 1 + player;
        }
    }
}

#[inline(always)]
fn least_of([a, b, c, d]: [u64; ARITY]) -> u64 {
    a.min(b).min(c.min(d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_least_wins_whatever_changes() {
        let mut word = 1u64;
        let mut next = move |below: u64| {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (word >> 33) % below
        };
        for players in [1, 2, 4, 5, 16, 17, 63, 64, 65, 300] {
            let mut tournament = Tournament::new(players);
            let mut keys = vec![NOTHING; players];
            assert_eq!(tournament.least(), NOTHING);
            for _ in 0..2000 {
                let player = usize::try_from(next(players as u64)).unwrap();
                let key = if next(4) == 0 { NOTHING } else { next(50) };
                keys[player] = key;
                tournament.set(player, key);
                let least = keys.iter().copied().min().unwrap();
                assert_eq!(tournament.least(), least);
                let first = keys.iter().position(|key| *key == least).unwrap();
                assert_eq!(tournament.winner(), first);
            }
        }
    }
}
