#include "detect/match/path_walk.h"

namespace tocsin::detect {

PathWalk::PathWalk(const PathTree& tree) : tree_(&tree) {
  reset();
}

void PathWalk::begin_event() {
  if (states_.size() > kMaxStates) reset();
}

void PathWalk::reset() {
  states_.clear();
  state_by_nodes_.clear();
  cells_.assign(kCells, {});
  last_ = 0;
  state_of({});
  state_of({PathTree::kRoot});
}

PathWalk::State PathWalk::step(State from, std::string_view name) {
  std::vector<PathTree::Node> nodes;
  for (const auto node : states_[from].nodes) tree_->step(node, name, nodes);
  return state_of(std::move(nodes));
}

PathWalk::State PathWalk::step_and_remember(State from, std::string_view name) {
  const auto to = step(from, name);
  if (name.size() <= kReadable) {
    const auto words = words_of(name);
    const auto place = place_of(from, words);
    cells_[place] = {words, from, to, 0, static_cast<std::uint8_t>(name.size())};
    follow(place);
  }
  return to;
}

PathWalk::State PathWalk::state_of(std::vector<PathTree::Node> nodes) {
  const auto [known, is_new] = state_by_nodes_.emplace(std::move(nodes), static_cast<State>(states_.size()));
  if (!is_new) return known->second;
  auto& info = states_.emplace_back();
  info.nodes = known->first;
  for (const auto node : info.nodes) {
    const auto& slots = tree_->slots_of(node);
    info.slots.insert(info.slots.end(), slots.begin(), slots.end());
    info.has_members |= tree_->has_children(node);
  }
  return known->second;
}

}  // namespace tocsin::detect
