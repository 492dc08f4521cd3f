#pragma once
// How likely an alert is real, from how unusual it is and from what people said of its like; and whether to
// show it, to keep it out of the queue, or to ask a person first.
//
//   score        log-odds, up to a constant, that the alert is real: the surprise of its signature on its
//   asset
//                and anywhere (minus the logarithms of how often an hour each comes), what else is new beside
//                it, and the dispositions of its signature here and, when there is a prior, elsewhere
//   probability  the score through a logistic curve, 0..1; of a signature on an asset that people called real
//   or
//                not, the share of those that were (beta-binomial)
//
// Nothing is hidden that no person has looked at: before the first alert of a signature on an asset leaves
// the queue the model asks about it, while there are questions left. One answer that it was real keeps all of
// them in the queue. Not thread-safe: one owner. Bounded by the options.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "triage/learn/calibration.h"
#include "triage/learn/rarity.h"

namespace tocsin::triage {

// What other environments know of signatures: dispositions by hash of the signature. Holds no asset and no
// entity of theirs.
class SignaturePrior {
 public:
  // `real` and `benign`: how many dispositions of each kind, already so weighted that one flood is not many.
  void add(std::uint64_t signature, double real, double benign);
  // Log-odds against the share of real ones among all; a signature that is not known is near what is rare.
  double log_odds(std::uint64_t signature) const;
  bool empty() const noexcept { return known_.empty(); }

 private:
  struct Counts {
    double real = 0;
    double benign = 0;
  };
  std::map<std::uint64_t, Counts> known_;
};

struct ModelOptions {
  // Hidden below it. The default is what comes up, on the asset and anywhere, every other hour or more often:
  // 2 · ln 2.
  double hide_below = 1.3862943611198906;
  std::size_t questions = 100;  // that may be asked in all
  Calibration calibration;
  std::size_t most_pairs = 1U << 16U;
  std::size_t most_signatures = 1U << 13U;
};

enum class Standing : std::uint8_t {
  kShown,
  kAsked,  // shown, and a person should say what it is: its like would be hidden
  kHidden,
};

struct Opinion {
  double score = 0;
  double probability = 0;  // that it is real, 0..1
  Standing standing = Standing::kShown;
  bool is_known_real = false;  // more people called its like real than not
  // What the score is made of.
  double surprise_here = 0;
  double surprise_anywhere = 0;
  double company = 0;       // what else is new
  double dispositions = 0;  // of people here
  double prior = 0;         // of other environments
};

class DispositionModel {
 public:
  // The prior may be null; it outlives the model.
  explicit DispositionModel(const ModelOptions& options = {}, const SignaturePrior* prior = nullptr);

  // Alerts in the order in which they came.
  Opinion judge(const Sighting& sighting, const Rarity& rarity);
  // A person said of an alert like this that it was real, or that it was not. `weight`: of their word, 0..1.
  void learn(const Sighting& like, bool is_real, double weight = 1);

  std::size_t asked() const noexcept { return asked_; }
  std::uint64_t forgotten() const { return pairs_.forgotten() + signatures_.forgotten(); }
  std::size_t bytes() const { return pairs_.bytes() + signatures_.bytes(); }

 private:
  struct Answers {
    float real = 0;
    float benign = 0;
    bool is_asked = false;    // about one of these
    bool is_waiting = false;  // nobody answered yet
    double weight(double /*now*/) const { return real + benign + (is_asked ? 0.5 : 0); }
  };

  double probability_of(double score, const Answers& pair) const;
  Standing standing_of(double score, const Answers& pair, const Answers& signature) const;

  const ModelOptions options_;
  const SignaturePrior* prior_;
  std::size_t asked_ = 0;
  BoundedTable<Answers> pairs_;
  BoundedTable<Answers> signatures_;
};

}  // namespace tocsin::triage
