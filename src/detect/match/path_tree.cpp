#include "detect/match/path_tree.h"

#include <algorithm>

namespace tocsin::detect {
namespace {

// Edges of names without their blanks begin so; no JSON name that was written by a logger does.
constexpr char kBlankless = '\x01';

std::string blankless(std::string_view name) {
  std::string out(1, kBlankless);
  std::copy_if(name.begin(), name.end(), std::back_inserter(out), [](char c) { return c != ' '; });
  return out;
}

}  // namespace

PathTree::Node PathTree::find(Node from, std::string_view name) const {
  const auto found = edges_.find(EdgeView{from, name});
  return found == edges_.end() ? kNone : found->second;
}

PathTree::Node PathTree::child(Node from, std::string_view name) {
  if (name == "*") {
    if (nodes_[from].any_member != kNone) return nodes_[from].any_member;
  } else if (const auto known = find(from, name); known != kNone) {
    return known;
  }
  const auto node = static_cast<Node>(nodes_.size());
  nodes_.emplace_back();
  nodes_[from].has_children = true;
  if (name == "*") {
    nodes_[from].any_member = node;
  } else {
    edges_.emplace(Edge{from, std::string(name)}, node);
  }
  return node;
}

PathTree::Node PathTree::grow(std::string_view path, bool without_blanks) {
  Node node = kRoot;
  while (true) {
    const auto dot = path.find('.');
    const bool last = dot == std::string_view::npos;
    const auto name = path.substr(0, dot);
    node = last && without_blanks ? child(node, blankless(name)) : child(node, name);
    if (last) return node;
    path.remove_prefix(dot + 1);
  }
}

void PathTree::add_to(Node node, std::uint32_t slot) {
  nodes_[node].slots.push_back(slot);
}

std::uint32_t PathTree::add(std::string_view path, bool ignore_blanks) {
  const auto key = (ignore_blanks ? "b" : "p") + std::string(path);
  const auto [known, is_new] = by_path_.emplace(key, slots_);
  if (!is_new) return known->second;
  add_to(grow(path, false), slots_);
  if (ignore_blanks) add_to(grow(path, true), slots_);
  return slots_++;
}

std::optional<std::uint32_t> PathTree::find_slot(std::string_view path, bool ignore_blanks) const {
  const auto known = by_path_.find((ignore_blanks ? "b" : "p") + std::string(path));
  return known == by_path_.end() ? std::nullopt : std::optional(known->second);
}

void PathTree::step(Node node, std::string_view name, std::vector<Node>& out) const {
  const auto push = [&](Node to) {
    if (to != kNone) out.push_back(to);
  };
  push(nodes_[node].any_member);
  if (name.empty() || name.front() == kBlankless) return;
  push(find(node, name));
  if (name.find(' ') != std::string_view::npos) push(find(node, blankless(name)));
  // A dotted name is the way through several levels.
  Node at = node;
  auto dot = name.find('.');
  if (dot == std::string_view::npos) return;
  for (auto rest = name; at != kNone; rest.remove_prefix(dot + 1)) {
    dot = rest.find('.');
    at = find(at, rest.substr(0, dot));
    if (dot == std::string_view::npos) return push(at);
  }
}

}  // namespace tocsin::detect
