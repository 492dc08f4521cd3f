#pragma once
// All paths under which some rule may look, as one tree that is walked beside an event's JSON.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tocsin::detect {

class PathTree {
 public:
  using Node = std::uint32_t;
  static constexpr Node kNone = ~0U;
  static constexpr Node kRoot = 0;

  PathTree() { nodes_.emplace_back(); }

  // The slot in which the path's values will be; the same for the same path.
  std::uint32_t add(std::string_view path, bool ignore_blanks);
  std::optional<std::uint32_t> find_slot(std::string_view path, bool ignore_blanks) const;
  std::uint32_t slot_count() const noexcept { return slots_; }

  const std::vector<std::uint32_t>& slots_of(Node node) const { return nodes_[node].slots; }
  bool has_children(Node node) const { return nodes_[node].has_children; }
  // Appends the nodes that a member of that name leads to from `node`.
  void step(Node node, std::string_view name, std::vector<Node>& out) const;

 private:
  struct Entry {
    std::vector<std::uint32_t> slots;
    bool has_children = false;
    Node any_member = kNone;  // "*"
  };
  struct Edge {
    Node from = 0;
    std::string name;
    bool operator==(const Edge&) const = default;
  };
  struct EdgeView {
    Node from = 0;
    std::string_view name;
  };
  struct EdgeHash {
    using is_transparent = void;
    std::size_t operator()(const Edge& edge) const { return hash(edge.from, edge.name); }
    std::size_t operator()(const EdgeView& edge) const { return hash(edge.from, edge.name); }
    static std::size_t hash(Node from, std::string_view name) {
      return std::hash<std::string_view>{}(name) ^ (std::size_t{from} * 0x9e3779b97f4a7c15U);
    }
  };
  struct EdgeEqual {
    using is_transparent = void;
    bool operator()(const Edge& a, const Edge& b) const { return a == b; }
    bool operator()(const EdgeView& a, const Edge& b) const { return a.from == b.from && a.name == b.name; }
    bool operator()(const Edge& a, const EdgeView& b) const { return a.from == b.from && a.name == b.name; }
  };
  Node child(Node from, std::string_view name);
  Node find(Node from, std::string_view name) const;
  void add_to(Node node, std::uint32_t slot);
  Node grow(std::string_view path, bool without_blanks);

  std::vector<Entry> nodes_;
  std::unordered_map<Edge, Node, EdgeHash, EdgeEqual> edges_;
  std::unordered_map<std::string, std::uint32_t> by_path_;
  std::uint32_t slots_ = 0;
};

}  // namespace tocsin::detect
