#include "detect/match/literal_set.h"

#include <algorithm>

namespace tocsin::detect {
namespace {

constexpr std::size_t kMaxTableBytes = 256U << 10;  // fits the second-level cache

}  // namespace

// The literals as a tree, in the order in which they came.
struct LiteralSet::Trie {
  std::vector<std::vector<Edge>> edges{1};
  std::vector<std::uint32_t> literal{kNone};

  void add(std::string_view text, std::uint32_t literal_place,
           const std::array<std::uint16_t, 256>& class_of) {
    std::uint32_t state = 0;
    for (const char c : text) state = child(state, class_of[static_cast<unsigned char>(c)]);
    literal[state] = literal_place;
  }
  std::uint32_t child(std::uint32_t state, std::uint32_t label) {
    const auto known = std::find_if(edges[state].begin(), edges[state].end(),
                                    [&](const Edge& edge) { return edge.label == label; });
    if (known != edges[state].end()) return known->to;
    const auto made = static_cast<std::uint32_t>(edges.size());
    edges[state].push_back({label, made});
    edges.emplace_back();
    literal.push_back(kNone);
    return made;
  }
};

LiteralSet::LiteralSet(std::span<const std::string> literals) : windows_(literals) {
  if (literals.empty()) return;
  number_bytes(literals);
  Trie trie;
  for (std::uint32_t i = 0; i < literals.size(); ++i) trie.add(literals[i], i, class_of_);
  lay_out(trie);
  link();
  mark_ends();
  fill_table();
}

std::size_t LiteralSet::bytes() const noexcept {
  return windows_.bytes() + table_.size() * sizeof(std::uint32_t) + states_.size() * sizeof(State) +
         edges_.size() * sizeof(Edge) + literal_of_.size() * sizeof(std::uint32_t);
}

void LiteralSet::number_bytes(std::span<const std::string> literals) {
  for (const auto& literal : literals) {
    for (const char c : literal) {
      auto& number = class_of_[static_cast<unsigned char>(c)];
      if (number == 0) number = static_cast<std::uint16_t>(classes_++);
    }
  }
}

// Breadth first, so that states are numbered by their distance from the start.
void LiteralSet::lay_out(const Trie& trie) {
  std::vector<std::uint32_t> order{0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    states_.push_back({static_cast<std::uint32_t>(edges_.size())});
    literal_of_.push_back(trie.literal[order[i]]);
    for (const auto& edge : trie.edges[order[i]]) {
      edges_.push_back({edge.label, static_cast<std::uint32_t>(order.size())});
      order.push_back(edge.to);
    }
  }
  states_.push_back({static_cast<std::uint32_t>(edges_.size())});
}

// A state's suffix is nearer to the start than the state, so it is linked before. Until the table is filled,
// next() must not be asked: the way on is found by the edges alone.
void LiteralSet::link() {
  const auto step = [this](std::uint32_t state, std::uint32_t label) {
    for (;; state = states_[state].suffix) {
      for (auto at = states_[state].first_edge; at < states_[state + 1].first_edge; ++at) {
        if (edges_[at].label == label) return edges_[at].to;
      }
      if (state == 0) return 0U;
    }
  };
  for (std::uint32_t state = 0; state + 1 < states_.size(); ++state) {
    auto& own = states_[state];
    own.shorter = state == 0 ? kNone : states_[own.suffix].ends;
    own.ends = literal_of_[state] != kNone ? state : own.shorter;
    for (auto at = own.first_edge; at < states_[state + 1].first_edge; ++at)
      states_[edges_[at].to].suffix = state == 0 ? 0 : step(own.suffix, edges_[at].label);
  }
}

void LiteralSet::mark_ends() {
  for (auto& edge : edges_) {
    if (states_[edge.to].ends != kNone) edge.to |= kEndsHere;
  }
}

void LiteralSet::fill_table() {
  const std::size_t row_bytes = classes_ * sizeof(std::uint32_t);
  rows_ =
      static_cast<std::uint32_t>(std::clamp<std::size_t>(kMaxTableBytes / row_bytes, 1, states_.size() - 1));
  table_.assign(std::size_t{rows_} * classes_, 0);
  for (std::uint32_t state = 0; state < rows_; ++state) {
    const auto row = table_.begin() + static_cast<std::ptrdiff_t>(std::size_t{state} * classes_);
    if (state != 0) {
      const auto suffix_row =
          table_.begin() + static_cast<std::ptrdiff_t>(std::size_t{states_[state].suffix} * classes_);
      std::copy_n(suffix_row, classes_, row);
    }
    for (auto at = states_[state].first_edge; at < states_[state + 1].first_edge; ++at)
      row[edges_[at].label] = edges_[at].to;
  }
}

}  // namespace tocsin::detect
