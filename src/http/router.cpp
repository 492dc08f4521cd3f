#include <algorithm>
#include <map>

#include "http/http.h"
#include "http/target.h"

namespace tocsin::http {
namespace {

struct Endpoint {
  Method method;
  std::string pattern;
  std::vector<std::string> names;  // of the parameters, in order
  Handler handler;
  AsyncHandler async_handler;
};

// One segment of the patterns' tree. Literal children come before the parameter, the parameter before the
// tail.
struct Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> tail;  // "{name...}": the rest of the path, at least one character
  std::vector<std::unique_ptr<Endpoint>> endpoints;
};

std::string_view take_segment(std::string_view& path) {
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(segment.size() + 1, path.size()));
  return segment;
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

Node& child(std::unique_ptr<Node>& slot) {
  if (!slot) slot = std::make_unique<Node>();
  return *slot;
}

std::string decoded(std::string_view segment) {
  return percent_decode(segment, false).value_or(std::string(segment));
}

// Walks the tree, most literal branch first, and stops at the first endpoint for the method.
class Search {
 public:
  explicit Search(Method method) : method_(method) {}

  bool visit(const Node& node, std::string_view rest, bool at_end) {
    if (at_end) return choose(node);
    return visit_children(node, rest) || visit_tail(node, rest);
  }

  const Endpoint* found = nullptr;
  std::vector<std::string> values;
  std::vector<Method> allowed;

 private:
  bool visit_children(const Node& node, std::string_view rest) {
    const bool last = rest.find('/') == std::string_view::npos;
    const auto raw = take_segment(rest);
    const bool plain = raw.find('%') == std::string_view::npos;
    const auto literal = plain ? node.literals.find(raw) : node.literals.find(decoded(raw));
    if (literal != node.literals.end() && visit(*literal->second, rest, last)) return true;
    if (!node.parameter || raw.empty()) return false;
    values.push_back(decoded(raw));
    if (visit(*node.parameter, rest, last)) return true;
    values.pop_back();
    return false;
  }

  bool visit_tail(const Node& node, std::string_view rest) {
    if (!node.tail || rest.empty()) return false;
    values.push_back(decoded(rest));
    if (choose(*node.tail)) return true;
    values.pop_back();
    return false;
  }

  bool choose(const Node& node) {
    for (const auto& endpoint : node.endpoints) {
      if (endpoint->method == method_) {
        found = endpoint.get();
        return true;
      }
    }
    for (const auto& endpoint : node.endpoints) allow(endpoint->method);
    return false;
  }

  void allow(Method method) {
    if (std::find(allowed.begin(), allowed.end(), method) == allowed.end()) allowed.push_back(method);
  }

  Method method_;
};

}  // namespace

struct Router::Impl {
  Node root;
  std::vector<Route> routes;

  Endpoint& add(Method method, std::string_view pattern) {
    routes.push_back({method, std::string(pattern)});
    auto endpoint = std::make_unique<Endpoint>();
    endpoint->method = method;
    endpoint->pattern = pattern;
    auto& node = node_for(pattern, endpoint->names);
    return *node.endpoints.emplace_back(std::move(endpoint));
  }

  Node& node_for(std::string_view pattern, std::vector<std::string>& names) {
    auto* node = &root;
    bool more = true;
    auto rest = pattern.substr(1);
    while (more) {
      more = rest.find('/') != std::string_view::npos;
      node = &step(*node, take_segment(rest), names);
    }
    return *node;
  }

  static Node& step(Node& node, std::string_view segment, std::vector<std::string>& names) {
    if (!is_parameter(segment)) return child(node.literals[std::string(segment)]);
    auto name = segment.substr(1, segment.size() - 2);
    const bool tail = name.ends_with("...");
    if (tail) name.remove_suffix(3);
    names.emplace_back(name);
    return child(tail ? node.tail : node.parameter);
  }
};

Router::Router() : impl_(std::make_unique<Impl>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view pattern, Handler handler) {
  impl_->add(method, pattern).handler = std::move(handler);
}

void Router::add_async(Method method, std::string_view pattern, AsyncHandler handler) {
  impl_->add(method, pattern).async_handler = std::move(handler);
}

std::vector<Router::Route> Router::routes() const {
  return impl_->routes;
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  Search search(method);
  if (!search.visit(impl_->root, path.substr(1), false)) {
    match.allowed = std::move(search.allowed);
    // RFC 9110 §9.3.2: HEAD is GET without the content.
    if (method != Method::kHead) return match;
    auto as_get = this->match(Method::kGet, path);
    return as_get.handler != nullptr || as_get.async_handler != nullptr ? std::move(as_get)
                                                                        : std::move(match);
  }
  const auto& endpoint = *search.found;
  if (endpoint.handler) match.handler = &endpoint.handler;
  if (endpoint.async_handler) match.async_handler = &endpoint.async_handler;
  match.pattern = endpoint.pattern;
  for (std::size_t i = 0; i < endpoint.names.size(); ++i) {
    match.params.emplace_back(endpoint.names[i], std::move(search.values[i]));
  }
  return match;
}

}  // namespace tocsin::http
