#include "enrich/geo.h"

#include <maxminddb.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

#include "base/utf8.h"
#include "enrich/network_class.h"

namespace tocsin::enrich {
namespace {

constexpr std::size_t kMaxAddresses = 8;  // of one alert
constexpr std::size_t kMaxName = 100;     // bytes of a value

// A path into a record; ends with null.
using Path = std::array<const char*, 4>;
struct Wanted {
  std::string_view fact;
  std::array<Path, 3> paths;  // the first that the record has
};
constexpr Wanted kWanted[] = {
    {"geo_country", {{{"country", "iso_code"}, {"registered_country", "iso_code"}, {"country_code"}}}},
    {"geo_city", {{{"city", "names", "en"}, {"city"}, {}}}},
    {"asn", {{{"autonomous_system_number"}, {"asn"}, {}}}},
    {"as_organisation", {{{"autonomous_system_organization"}, {"as_name"}, {}}}},
};

std::string text_of(const MMDB_entry_data_s& data) {
  if (data.type == MMDB_DATA_TYPE_UINT32) return "AS" + std::to_string(data.uint32);
  if (data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  const std::string_view text(data.utf8_string, data.data_size);
  return find_invalid_utf8(text) == text.size() ? std::string(utf8_prefix(text, kMaxName)) : std::string();
}

std::string value_at(MMDB_entry_s& entry, const std::array<Path, 3>& paths) {
  for (const auto& path : paths) {
    if (path[0] == nullptr) break;
    MMDB_entry_data_s data{};
    if (MMDB_aget_value(&entry, &data, path.data()) != MMDB_SUCCESS || !data.has_data) continue;
    if (auto text = text_of(data); !text.empty()) return text;
  }
  return {};
}

struct Address {
  sockaddr_storage storage{};
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }  // NOLINT
};

Address to_sockaddr(const model::AddressBytes& bytes, bool is_v4) {
  Address address;
  if (is_v4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, bytes.data() + 12, 4);
    std::memcpy(&address.storage, &v4, sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, bytes.data(), 16);
    std::memcpy(&address.storage, &v6, sizeof v6);
  }
  return address;
}

}  // namespace

struct GeoDatabase::Mapped {
  Mapped() = default;
  ~Mapped() {
    if (is_open) MMDB_close(&db);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;

  MMDB_s db{};
  bool is_open = false;
  std::string file;
  std::string type;
  std::string origin;
  Timestamp built_at{};
};

Result<GeoDatabase> GeoDatabase::open(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed))
    return error(ErrorKind::kNotFound, "open a geo database", "there is no file " + file.string());
  const auto mapped = std::make_shared<Mapped>();
  const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, &mapped->db);
  if (status != MMDB_SUCCESS)
    return error(ErrorKind::kInvalidInput, "open a geo database", MMDB_strerror(status),
                 "it must be a MaxMind DB file (.mmdb)", file.string());
  mapped->is_open = true;
  mapped->file = file.string();
  mapped->type = mapped->db.metadata.database_type;
  mapped->origin = "geoip: " + mapped->type;
  mapped->built_at =
      time_from_epoch(static_cast<std::int64_t>(mapped->db.metadata.build_epoch)).value_or(Timestamp{});
  return GeoDatabase(mapped);
}

const std::string& GeoDatabase::type() const {
  return mapped_->type;
}
const std::string& GeoDatabase::file() const {
  return mapped_->file;
}
Timestamp GeoDatabase::built_at() const {
  return mapped_->built_at;
}

void GeoDatabase::apply(FactSink& sink) const {
  std::size_t looked_up = 0;
  for (const auto& entity : sink.alert().entities) {
    if (entity.kind != model::EntityKind::kIp) continue;
    const auto bytes = model::parse_address(entity.value);
    if (!bytes || network_class(*bytes) != "public") continue;
    if (++looked_up > kMaxAddresses) return;
    int status = MMDB_SUCCESS;
    const auto address = to_sockaddr(*bytes, entity.value.find(':') == std::string::npos);
    auto found = MMDB_lookup_sockaddr(&mapped_->db, address.get(), &status);
    if (status != MMDB_SUCCESS || !found.found_entry) continue;
    for (const auto& wanted : kWanted)
      sink.add(wanted.fact, value_at(found.entry, wanted.paths), mapped_->origin, mapped_->built_at,
               entity.value);
  }
}

}  // namespace tocsin::enrich
