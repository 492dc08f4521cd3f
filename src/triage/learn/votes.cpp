#include "triage/learn/votes.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace tocsin::triage {
namespace {

constexpr std::size_t kMostVotes = 32;
constexpr double kMostOfOne = 2;
constexpr std::chrono::hours kOneWord{1};
constexpr std::chrono::hours kHalfLife{24 * 90};

std::uint64_t kind_of(const Sighting& like) {
  auto mixed = like.signature ^ (like.asset * 0xA0761D6478BD642FU);
  mixed = (mixed ^ (mixed >> 31U)) * 0xE7037ED1A0B428DBU;
  return mixed ^ (mixed >> 32U);
}

double faded(const Vote& vote, Timestamp now) {
  const auto age = std::max(now - vote.at, Nanos(0));
  return vote.word *
         std::exp2(-std::chrono::duration<double>(age) / std::chrono::duration<double>(kHalfLife));
}

void drop(std::vector<Vote>& votes, std::uint64_t alert) {
  votes.erase(
      std::remove_if(votes.begin(), votes.end(), [&](const Vote& vote) { return vote.alert == alert; }),
      votes.end());
}

}  // namespace

void Votes::put(const Sighting& like, const Vote& vote) {
  auto& votes = kinds_.at(kind_of(like), 0).votes;
  drop(votes, vote.alert);
  const auto later = std::upper_bound(votes.begin(), votes.end(), vote.at,
                                      [](Timestamp at, const Vote& other) { return at < other.at; });
  const auto placed = votes.insert(later, vote);
  placed->word = std::clamp(vote.word, 0.0, 1.0);
  if (votes.size() > kMostVotes) votes.erase(votes.begin());
}

void Votes::take_back(const Sighting& like, std::uint64_t alert) {
  const auto kind = kind_of(like);
  if (kinds_.find(kind) != nullptr) drop(kinds_.at(kind, 0).votes, alert);
}

Votes::Count Votes::of(const Sighting& like, Timestamp now) const {
  Count count;
  const auto* said = kinds_.find(kind_of(like));
  if (said == nullptr) return count;
  const auto& votes = said->votes;
  for (auto vote = votes.rbegin(); vote != votes.rend(); ++vote) {
    double before = 0;  // of this person, later
    bool is_one_word = false;
    for (auto later = votes.rbegin(); later != vote; ++later) {
      if (later->person != vote->person) continue;
      before += faded(*later, now);
      is_one_word = is_one_word || later->at - vote->at < kOneWord;
    }
    if (is_one_word) continue;
    (vote->is_real ? count.real : count.benign) += std::clamp(kMostOfOne - before, 0.0, faded(*vote, now));
  }
  return count;
}

std::size_t Votes::bytes() const {
  auto sum = kinds_.bytes();
  kinds_.each([&](const Said& said) { sum += said.votes.capacity() * sizeof(Vote); });
  return sum;
}

}  // namespace tocsin::triage
