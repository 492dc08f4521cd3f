#include "backup/manifest.h"

#include <boost/json.hpp>

#include "base/json_writer.h"

namespace tocsin::backup {
namespace {

namespace json = boost::json;

template <class T, class Write>
void write_list(JsonWriter& out, std::string_view name, const std::vector<T>& items, Write write) {
  out.member(name, [&] {
    out.array([&] {
      for (const auto& item : items) out.object([&] { write(item); });
    });
  });
}

std::string text(const json::object& from, const char* name) {
  return std::string(from.at(name).as_string());
}

template <class T>
T number(const json::object& from, const char* name) {
  return from.at(name).to_number<T>();
}

Manifest read(const json::object& from) {
  Manifest manifest;
  manifest.format = number<int>(from, "format");
  if (manifest.format != kFormat) return manifest;
  manifest.version = text(from, "version");
  manifest.created_at = text(from, "created_at");
  manifest.schema = number<int>(from, "schema");
  manifest.state_hash = text(from, "state_hash");
  manifest.with_keys = from.at("with_keys").as_bool();
  for (const auto& item : from.at("tenants").as_array()) {
    const auto& one = item.as_object();
    manifest.tenants.push_back({number<std::int64_t>(one, "id"), text(one, "name"),
                                number<std::int64_t>(one, "alerts"), number<std::int64_t>(one, "incidents")});
  }
  for (const auto& item : from.at("members").as_array()) {
    const auto& one = item.as_object();
    manifest.members.push_back({text(one, "name"), number<std::uint64_t>(one, "bytes"),
                                number<unsigned>(one, "mode"), text(one, "sha256")});
  }
  for (const auto& item : from.at("left_out").as_array())
    manifest.left_out.push_back({text(item.as_object(), "name"), text(item.as_object(), "why")});
  return manifest;
}

}  // namespace

std::string to_json(const Manifest& manifest) {
  std::string bytes;
  JsonWriter out(bytes);
  out.object([&] {
    out.member("product", "tocsin");
    out.member("format", manifest.format);
    out.member("version", manifest.version);
    out.member("created_at", manifest.created_at);
    out.member("schema", manifest.schema);
    out.member("state_hash", manifest.state_hash);
    out.member("with_keys", manifest.with_keys);
    write_list(out, "tenants", manifest.tenants, [&](const Tenant& one) {
      out.member("id", one.id);
      out.member("name", one.name);
      out.member("alerts", one.alerts);
      out.member("incidents", one.incidents);
    });
    write_list(out, "members", manifest.members, [&](const Member& one) {
      out.member("name", one.name);
      out.member("bytes", one.bytes);
      out.member("mode", one.mode);
      out.member("sha256", one.sha256);
    });
    write_list(out, "left_out", manifest.left_out, [&](const LeftOut& one) {
      out.member("name", one.name);
      out.member("why", one.why);
    });
  });
  return bytes;
}

Result<Manifest> manifest_from(std::string_view bytes) {
  const auto wrong = [](std::string why) {
    return error(ErrorKind::kInvalidSyntax, "read the manifest", std::move(why),
                 "The file is no backup of ours: take another one");
  };
  boost::system::error_code failed;
  const auto parsed = json::parse(json::string_view(bytes.data(), bytes.size()), failed);
  if (failed || !parsed.is_object()) return wrong("it is no JSON object");
  try {
    auto manifest = read(parsed.as_object());
    if (manifest.format == kFormat) return manifest;
    return error(ErrorKind::kUnsupported, "read the manifest",
                 "its format is " + std::to_string(manifest.format) + ", this program knows " +
                     std::to_string(kFormat),
                 "It was made by a newer release: restore it with that one");
  } catch (
      const std::exception& what) {  // how the JSON library says that a member is missing or another type
    return wrong(what.what());
  }
}

}  // namespace tocsin::backup
