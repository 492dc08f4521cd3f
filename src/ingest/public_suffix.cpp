#include "ingest/public_suffix.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "base/embedded.h"
#include "ingest/text.h"

TOCSIN_EMBEDDED(public_suffix_list)

namespace tocsin::ingest {
namespace {

std::string_view parent_of(std::string_view name) {
  const auto dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

// "*.ck" makes every name below ck a suffix, "!www.ck" takes one of them out again.
class SuffixList {
 public:
  explicit SuffixList(std::string_view text) {
    bool delegated = true;  // the private part of the list has rules of companies
    while (!text.empty()) {
      const auto line = trim(take_until(text, '\n'));
      if (line.find("===END ICANN DOMAINS===") != std::string_view::npos) delegated = false;
      if (line.empty() || line.starts_with("//")) continue;
      add(line);
      if (delegated) tops_.push_back(line.substr(line.rfind('.') + 1));
    }
    std::sort(tops_.begin(), tops_.end());
    tops_.erase(std::unique(tops_.begin(), tops_.end()), tops_.end());
  }

  bool is_top(std::string_view label) const { return std::binary_search(tops_.begin(), tops_.end(), label); }

  std::string_view suffix_of(std::string_view name) const {
    for (auto rest = name; !rest.empty(); rest = parent_of(rest)) {
      if (exceptions_.count(rest) != 0) return parent_of(rest);
      if (rules_.count(rest) != 0 || wildcards_.count(parent_of(rest)) != 0) return rest;
    }
    return name.substr(name.rfind('.') + 1);
  }

 private:
  void add(std::string_view rule) {
    if (rule.starts_with("*.")) {
      wildcards_.insert(rule.substr(2));
    } else if (rule.starts_with('!')) {
      exceptions_.insert(rule.substr(1));
    } else {
      rules_.insert(rule);
    }
  }

  std::unordered_set<std::string_view> rules_;
  std::unordered_set<std::string_view> wildcards_;
  std::unordered_set<std::string_view> exceptions_;
  std::vector<std::string_view> tops_;
};

const SuffixList& list() {
  static const SuffixList instance(embedded_public_suffix_list());
  return instance;
}

}  // namespace

bool is_delegated_top_level(std::string_view label) {
  return list().is_top(label);
}
std::string_view public_suffix_of(std::string_view name) {
  return list().suffix_of(name);
}

}  // namespace tocsin::ingest
