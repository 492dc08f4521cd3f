#include "triage/learn/text_model.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/ascii.h"
#include "base/hash.h"

namespace tocsin::triage {
namespace {

constexpr std::size_t kWeights = 1U << 16U;
constexpr std::size_t kMostBytes = 2000;
constexpr std::size_t kMostWords = 2000;
constexpr std::size_t kLongestWord = 64;
constexpr float kPace = 0.1F;
constexpr float kPull = 1e-3F;  // towards nothing

bool is_word_sign(char sign) {
  return is_alnum(sign) || static_cast<unsigned char>(sign) >= 0x80 || sign == '_' || sign == '-' ||
         sign == '.';
}

}  // namespace

void TextFeatures::add_word(std::string_view field, std::string_view word) {
  if (words_.size() + 2 > kMostWords) return;
  std::string plain(word.substr(0, kLongestWord));
  for (char& sign : plain) sign = is_digit(sign) ? '0' : lower(sign);
  plain.erase(std::unique(plain.begin(), plain.end(), [](char a, char b) { return a == '0' && b == '0'; }),
              plain.end());
  words_.push_back(static_cast<std::uint32_t>(hash64(plain, secret_) % kWeights));
  words_.push_back(static_cast<std::uint32_t>(hash64(std::string(field) + '=' + plain, secret_) % kWeights));
}

void TextFeatures::add(std::string_view field, std::string_view value) {
  value = value.substr(0, kMostBytes);
  for (std::size_t at = 0; at < value.size();) {
    const auto begin =
        std::find_if(value.begin() + static_cast<std::ptrdiff_t>(at), value.end(), is_word_sign);
    const auto end = std::find_if_not(begin, value.end(), is_word_sign);
    if (begin != end)
      add_word(field, value.substr(static_cast<std::size_t>(begin - value.begin()),
                                   static_cast<std::size_t>(end - begin)));
    at = static_cast<std::size_t>(end - value.begin());
  }
}

std::vector<std::uint32_t> TextFeatures::take() {
  std::sort(words_.begin(), words_.end());
  words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
  return std::move(words_);
}

TextModel::TextModel() : weights_(kWeights) {}

// By the square root of their number: a long alert is not surer than a short one.
double TextModel::score(const std::vector<std::uint32_t>& words) const {
  double sum = 0;
  for (const auto word : words) sum += weights_[word].value;
  return bias_.value + (words.empty() ? 0 : sum / std::sqrt(static_cast<double>(words.size())));
}

void TextModel::learn(const std::vector<std::uint32_t>& words, bool is_real, double weight) {
  const double probability = 1 / (1 + std::exp(-score(words)));
  const auto apart = static_cast<float>((probability - (is_real ? 1 : 0)) * std::clamp(weight, 0.0, 1.0));
  const auto move = [](Weight& one, float gradient) {
    one.steps += gradient * gradient;
    one.value -= kPace * gradient / (std::sqrt(one.steps) + 1e-6F);
  };
  if (apart == 0) return;
  move(bias_, apart);
  const float each = apart / std::sqrt(std::max(1.0F, static_cast<float>(words.size())));
  for (const auto word : words) move(weights_[word], each + kPull * weights_[word].value);
}

}  // namespace tocsin::triage
