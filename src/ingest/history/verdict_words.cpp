#include "ingest/history/verdict_words.h"

#include <algorithm>
#include <array>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::Verdict;

struct Words {
  std::string_view begin;  // as slug() writes them
  Verdict verdict;
};

// A text says what it begins with, word by word: the longest beginning counts.
constexpr auto kWords = std::to_array<Words>({
    {"authorized", Verdict::kBenignPositive},
    {"benign", Verdict::kBenignPositive},
    {"bp", Verdict::kBenignPositive},
    {"btp", Verdict::kBenignPositive},
    {"compromised", Verdict::kTruePositive},
    {"confirmed_benign", Verdict::kBenignPositive},
    {"confirmed_compromised", Verdict::kTruePositive},
    {"confirmed_false_positive", Verdict::kFalsePositive},
    {"confirmed_incident", Verdict::kTruePositive},
    {"confirmed_malicious", Verdict::kTruePositive},
    {"confirmed_safe", Verdict::kFalsePositive},
    {"confirmed_threat", Verdict::kTruePositive},
    {"disposition_0", Verdict::kUndecided},
    {"disposition_1", Verdict::kTruePositive},
    {"disposition_2", Verdict::kBenignPositive},
    {"disposition_3", Verdict::kFalsePositive},
    {"disposition_4", Verdict::kFalsePositive},
    {"disposition_5", Verdict::kUndecided},
    {"disposition_6", Verdict::kUndecided},
    {"duplicate", Verdict::kUndecided},
    {"duplicated", Verdict::kUndecided},
    {"expected_activity", Verdict::kBenignPositive},
    {"expected_behavior", Verdict::kBenignPositive},
    {"expected_behaviour", Verdict::kBenignPositive},
    {"false_alarm", Verdict::kFalsePositive},
    {"false_positive", Verdict::kFalsePositive},
    {"fp", Verdict::kFalsePositive},
    {"inconclusive", Verdict::kUndecided},
    {"indeterminate", Verdict::kUndecided},
    {"informational_expected_activity", Verdict::kBenignPositive},
    {"malicious", Verdict::kTruePositive},
    {"no_issue", Verdict::kFalsePositive},
    {"noise", Verdict::kFalsePositive},
    {"non_issue", Verdict::kFalsePositive},
    {"not_an_incident", Verdict::kFalsePositive},
    {"not_an_issue", Verdict::kFalsePositive},
    {"not_malicious", Verdict::kFalsePositive},
    {"not_set", Verdict::kUndecided},
    {"other", Verdict::kUndecided},
    {"security_testing", Verdict::kBenignPositive},
    {"testing", Verdict::kUndecided},
    {"tp", Verdict::kTruePositive},
    {"true_positive", Verdict::kTruePositive},
    {"true_positive_benign", Verdict::kBenignPositive},
    {"undecided", Verdict::kUndecided},
    {"undetermined", Verdict::kUndecided},
    {"unknown", Verdict::kUndecided},
});
static_assert(std::is_sorted(kWords.begin(), kWords.end(),
                             [](const Words& a, const Words& b) { return a.begin < b.begin; }));

constexpr std::array<std::string_view, 6> kFillers{"closed", "resolved", "dismissed",
                                                   "as",     "because",  "with"};

bool begins_with_words(std::string_view text, std::string_view words) {
  return text.starts_with(words) && (text.size() == words.size() || text[words.size()] == '_');
}

std::string_view without_fillers(std::string_view text) {
  for (;;) {
    const auto* const filler = std::find_if(kFillers.begin(), kFillers.end(), [&](std::string_view word) {
      return begins_with_words(text, word) && text.size() > word.size();
    });
    if (filler == kFillers.end()) return text;
    text.remove_prefix(filler->size() + 1);
  }
}

}  // namespace

std::optional<Verdict> verdict_of_words(std::string_view text) {
  const auto words = slug(text);
  const auto said = without_fillers(words);
  const Words* longest = nullptr;
  for (const auto& one : kWords) {
    if (begins_with_words(said, one.begin) &&
        (longest == nullptr || one.begin.size() > longest->begin.size()))
      longest = &one;
  }
  return longest == nullptr ? std::nullopt : std::optional(longest->verdict);
}

}  // namespace tocsin::ingest
