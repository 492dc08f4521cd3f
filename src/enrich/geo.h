#pragma once
// Where addresses are, from MaxMind DB files (maxmind.github.io/MaxMind-DB) that the operator supplies:
// GeoLite2, GeoIP2, DB-IP, IPinfo and others with these members. Immutable, any thread.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "enrich/fact_sink.h"

namespace tocsin::enrich {

class GeoDatabase {
 public:
  // kNotFound, or kInvalidInput for what is no such file. The file is mapped, not read: put a new one in its
  // place by renaming.
  static Result<GeoDatabase> open(const std::filesystem::path& file);

  // Facts "geo_country", "geo_city", "asn", "as_organisation" on the alert's public addresses, as far as the
  // file has them.
  void apply(FactSink& sink) const;

  const std::string& type() const;  // "GeoLite2-City", as the file says
  const std::string& file() const;
  Timestamp built_at() const;

 private:
  struct Mapped;
  explicit GeoDatabase(std::shared_ptr<const Mapped> mapped) : mapped_(std::move(mapped)) {}
  std::shared_ptr<const Mapped> mapped_;
};

}  // namespace tocsin::enrich
