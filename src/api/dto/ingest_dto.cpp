#include "api/dto/ingest_dto.h"

#include "api/json_writer.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kMaxIds = 1000;

void write_rejected(JsonWriter& json, const Pipeline::Rejected& rejected) {
  json.object([&] {
    json.member("index", rejected.index);
    json.member("reason", rejected.reason);
    if (!rejected.pointer.empty()) json.member("pointer", rejected.pointer);
    if (!rejected.dead_letter.empty()) json.member("dead_letter", rejected.dead_letter.str());
  });
}

}  // namespace

std::string ingest_reply_json(const Pipeline::Reply& reply) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("accepted", reply.accepted());
    json.member("duplicates", reply.duplicates());
    json.member("rejected", [&] {
      json.array([&] {
        for (const auto& rejected : reply.rejected) write_rejected(json, rejected);
      });
    });
    json.member("events", reply.events);
    json.member("ids", [&] {
      json.array([&] {
        for (std::size_t i = 0; i < std::min(reply.items.size(), kMaxIds); ++i)
          json.value(reply.items[i].id.str());
      });
    });
  });
  return out;
}

}  // namespace tocsin::api
