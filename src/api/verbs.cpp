#include "api/verbs.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <utility>

#include "api/routes.h"

namespace tocsin::api {
namespace {

using Operations = std::map<std::pair<std::string, std::string>, model::Verb, std::less<>>;

// The document is our own and its layout is fixed (a test compares this with a YAML parser): a path has two
// blanks before it, its operations four, their members six.
Operations read(std::string_view document) {
  constexpr std::string_view kMember = "      x-verb: ";
  Operations operations;
  std::string path;
  std::string method;
  while (!document.empty()) {
    const auto line = document.substr(0, document.find('\n'));
    document.remove_prefix(std::min(line.size() + 1, document.size()));
    if (line.starts_with("  /") && line.ends_with(':')) path = line.substr(2, line.size() - 3);
    if (line.size() > 4 && line.starts_with("    ") && line[4] != ' ' && line.ends_with(':'))
      method = line.substr(4, line.size() - 5);
    if (!line.starts_with(kMember)) continue;
    if (const auto verb = model::parse_verb(line.substr(kMember.size()))) operations[{path, method}] = *verb;
  }
  return operations;
}

std::string document_method(http::Method method) {
  std::string name(to_text(method == http::Method::kHead ? http::Method::kGet : method));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

// "{file...}" of the router is "{file}" there.
std::string document_path(std::string_view pattern) {
  std::string path(pattern);
  if (const auto dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

}  // namespace

std::optional<model::Verb> verb_of(http::Method method, std::string_view pattern) {
  static const auto operations = read(openapi_document());
  const auto found = operations.find({document_path(pattern), document_method(method)});
  if (found == operations.end()) return {};
  return found->second;
}

}  // namespace tocsin::api
