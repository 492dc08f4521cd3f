#pragma once
// How likely an alert is real by the words of its fields: a logistic model over hashed words, learned one
// answer at a time. Fixed size; not thread-safe.
//
// Words are `field=word` and the word alone, in lower case, digits as 0, so that neither a date nor a counter
// is learned. The hash has a secret, so that nobody who writes alerts can aim at a weight.

#include <cstdint>
#include <string_view>
#include <vector>

namespace tocsin::triage {

class TextFeatures {
 public:
  explicit TextFeatures(std::uint64_t secret) : secret_(secret) {}

  // Adds what the field says; at most the first 2,000 bytes of it, and 2,000 words of an alert.
  void add(std::string_view field, std::string_view value);
  // Hashes, ascending, none twice.
  std::vector<std::uint32_t> take();

 private:
  void add_word(std::string_view field, std::string_view word);

  const std::uint64_t secret_;
  std::vector<std::uint32_t> words_;
};

class TextModel {
 public:
  TextModel();

  double score(const std::vector<std::uint32_t>& words) const;  // log-odds that it is real
  void learn(const std::vector<std::uint32_t>& words, bool is_real, double weight = 1);

 private:
  struct Weight {
    float value = 0;
    float steps = 0;  // sum of squared gradients: words that were often seen move less
  };
  std::vector<Weight> weights_;
  Weight bias_;
};

}  // namespace tocsin::triage
