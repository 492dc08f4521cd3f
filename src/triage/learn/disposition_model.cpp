#include "triage/learn/disposition_model.h"

#include <algorithm>
#include <cmath>

namespace tocsin::triage {
namespace {

constexpr double kSeenReal = 6;  // what a real one says of its like: e^6 to 1
constexpr double kPairPrior =
    0.1;  // of answers: the same signature on the same asset is nearly always the same
constexpr double kPriorWeight = 2;   // of answers elsewhere
constexpr double kPriorShare = 0.3;  // that are real, of a signature that nobody knows

std::uint64_t pair_of(const Sighting& one) {
  auto mixed = one.signature ^ (one.asset * 0xC2B2AE3D27D4EB4FU);
  mixed = (mixed ^ (mixed >> 29U)) * 0x9E3779B97F4A7C15U;
  return mixed ^ (mixed >> 32U);
}

double logit(double share) {
  return std::log(share / (1 - share));
}

}  // namespace

void SignaturePrior::add(std::uint64_t signature, double real, double benign) {
  auto& counts = known_[signature];
  counts.real += real;
  counts.benign += benign;
}

double SignaturePrior::log_odds(std::uint64_t signature) const {
  constexpr double kUsually = 0.02;
  constexpr double kSurest = 0.997;
  const auto found = known_.find(signature);
  const auto counts = found == known_.end() ? Counts{} : found->second;
  const auto share =
      (counts.real + kPriorWeight * kPriorShare) / (counts.real + counts.benign + kPriorWeight);
  return logit(std::clamp(share, 1 - kSurest, kSurest)) - logit(kUsually);
}

DispositionModel::DispositionModel(const ModelOptions& options, const SignaturePrior* prior)
    : options_(options), prior_(prior), pairs_(options.most_pairs), signatures_(options.most_signatures) {}

Opinion DispositionModel::judge(const Sighting& sighting, const Rarity& rarity) {
  const auto key = pair_of(sighting);
  const auto known = [](const Answers* found) { return found == nullptr ? Answers{} : *found; };
  auto pair = known(pairs_.find(key));
  const auto signature = known(signatures_.find(sighting.signature));
  Opinion opinion;
  const auto surprise = surprise_of(rarity);
  opinion.surprise_here = surprise.here;
  opinion.surprise_anywhere = surprise.anywhere;
  opinion.company = surprise.company;
  opinion.prior = prior_ == nullptr || prior_->empty() ? 0 : prior_->log_odds(sighting.signature);
  opinion.score = surprise.sum() + opinion.prior;
  opinion.is_known_real = pair.real > pair.benign;
  if (opinion.is_known_real) {  // that it comes often no longer speaks for it
    opinion.dispositions = kSeenReal - std::min(opinion.score, 0.0);
  } else if (signature.real > 0) {
    opinion.dispositions = std::log1p(2 * signature.real / (1 + signature.benign));
  }
  opinion.score += opinion.dispositions;
  opinion.standing = standing_of(opinion.score, pair, signature);
  if (opinion.standing == Standing::kAsked) {
    pair.is_asked = pair.is_waiting = true;
    pairs_.at(key, 0) = pair;
    ++asked_;
  }
  // Until somebody has answered it is as doubtful as what is just shown.
  if (pair.is_waiting) opinion.score = std::max(opinion.score, options_.hide_below);
  opinion.probability = probability_of(opinion.score, pair);
  return opinion;
}

double DispositionModel::probability_of(double score, const Answers& pair) const {
  const auto probability = options_.calibration.probability(score);
  if (pair.real == 0) return probability;
  return (pair.real + kPairPrior * probability) / (pair.real + pair.benign + kPairPrior);
}

Standing DispositionModel::standing_of(double score, const Answers& pair, const Answers& signature) const {
  if (score >= options_.hide_below) return Standing::kShown;
  if (pair.benign > pair.real) return Standing::kHidden;
  if (pair.is_waiting) return Standing::kShown;
  if (!pair.is_asked && asked_ < options_.questions) return Standing::kAsked;
  return signature.benign > 0 && signature.real == 0 ? Standing::kHidden : Standing::kShown;
}

void DispositionModel::learn(const Sighting& like, bool is_real, double weight) {
  for (auto* answers : {&pairs_.at(pair_of(like), 0), &signatures_.at(like.signature, 0)}) {
    (is_real ? answers->real : answers->benign) += static_cast<float>(std::clamp(weight, 0.0, 1.0));
    answers->is_waiting = false;
  }
}

}  // namespace tocsin::triage
