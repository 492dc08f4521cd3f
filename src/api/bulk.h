#pragma once
// One change to many alerts or incidents: {"ids":[…]} or {"query":…}, the change beside it or in `change`.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/body.h"
#include "api/json_writer.h"
#include "query/query.h"
#include "store/store.h"

namespace tocsin::api {

template <class Change>
struct BulkRequest {
  std::optional<std::vector<std::string>> ids;
  std::optional<std::string> q;
  Change change;
  bool dry_run = false;
};

struct BulkRules {
  std::size_t most;       // ids at once
  std::string_view what;  // "alerts", for messages
};

// `read_change(body)` reads the change, `says_anything(change)` whether it names a field. What was read wrong
// is the 422 that is answered; problems of a change in `change` are reported below it.
template <class Change, class ReadChange, class SaysAnything>
std::optional<http::Response> read_bulk(Body& body, BulkRequest<Change>& bulk, const BulkRules& rules,
                                        ReadChange read_change, SaysAnything says_anything,
                                        std::string_view trace_id) {
  bulk.ids = body.texts("ids", rules.most, 500);
  bulk.q = body.text("q", query::kMaxBytes);
  if (auto query = body.text("query", query::kMaxBytes)) bulk.q = std::move(query);
  bulk.dry_run = body.boolean("dry_run").value_or(false);
  const int targets = int{body.has("ids")} + int{body.has("q")} + int{body.has("query")};
  if (targets != 1) body.fail_whole("exactly one of \"ids\" and \"query\" is needed");
  if (!body.has("change")) {
    bulk.change = read_change(body);
    if (!says_anything(bulk.change)) body.fail_whole("nothing to change", "name at least one field");
    return body.problem(trace_id);
  }
  const auto* change = body.object("change");
  if (auto problem = body.problem(trace_id)) return problem;
  Body inner(*change);
  inner.nested_in("/change");
  bulk.change = read_change(inner);
  return inner.problem(trace_id);
}

// The ids of all that `query` finds. `list(query)` reads a page; too many are refused.
template <class Query, class List>
Result<std::vector<std::string>> ids_of(Query query, const BulkRules& rules, List list) {
  constexpr std::size_t kPage = 1000;
  std::vector<std::string> ids;
  query.limit = kPage;
  for (bool more = true; more;) {
    TOCSIN_TRY(page, list(query));
    for (const auto& item : page.items) ids.push_back(item.id.str());
    if (ids.size() > rules.most) {
      return error(
          ErrorKind::kInvalidInput, "change " + std::string(rules.what),
          "the query matches more than " + std::to_string(rules.most) + " " + std::string(rules.what),
          "narrow it, for example by severity or time", "/q");
    }
    more = !page.next_cursor.empty();
    query.cursor = std::move(page.next_cursor);
  }
  return ids;
}

std::string bulk_json(std::size_t matched, const store::AlertStore::BulkResult& result, bool dry_run);

}  // namespace tocsin::api
