#include "api/bulk.h"

namespace tocsin::api {

std::string bulk_json(std::size_t matched, const store::AlertStore::BulkResult& result, bool dry_run) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("matched", matched);
    json.member("changed", result.changed);
    json.member("failed", [&] {
      json.array([&] {
        for (const auto& failure : result.failed) {
          json.object([&] {
            json.member("id", failure.first);
            json.member("reason", failure.second);
          });
        }
      });
    });
    json.member("dry_run", dry_run);
  });
  return out;
}

}  // namespace tocsin::api
