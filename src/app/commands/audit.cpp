// audit verify, audit export.

#include <cstdio>

#include "app/audit_verify.h"
#include "app/commands/commands.h"

namespace tocsin::app {
namespace {

constexpr std::int64_t kToldEvery = 500'000;  // records

long long number(std::int64_t value) {
  return static_cast<long long>(value);
}

int fail(const char* command, const Error& why) {
  std::fprintf(stderr, "tocsin audit %s: %s\n", command, to_string(why).c_str());
  return 2;
}

void print(const AuditVerification& done) {
  const auto& report = done.report;
  for (const auto& fault : report.faults) std::printf("%s\n", to_string(fault).c_str());
  if (report.more_faults > 0) std::printf("and %lld more\n", number(report.more_faults));
  const double rate = done.seconds > 0 ? static_cast<double>(report.records) / done.seconds : 0;
  std::printf("%s: %lld records of %lld tenants, %lld signed heads, %.1f s, %.0f records/s\n",
              report.sound() ? "sound" : "TAMPERED WITH", number(report.records), number(done.tenants),
              number(report.heads), done.seconds, rate);
  if (report.sound() && report.records > 0 && report.heads == 0)
    std::printf("no head was signed yet: what is cut off at the end would not be seen\n");
}

}  // namespace

int audit_verify(const std::filesystem::path& data_dir, const std::filesystem::path& heads_file) {
  std::int64_t told = 0;
  const auto done = verify_audit(data_dir, heads_file, [&](std::int64_t records) {
    if (records - told < kToldEvery) return;
    told = records;
    std::fprintf(stderr, "%lld records\n", number(records));
  });
  if (!done) return fail("verify", done.error());
  print(*done);
  return done->report.sound() ? 0 : 1;
}

int audit_export(const std::filesystem::path& data_dir) {
  const auto records = export_audit(data_dir, stdout);
  if (!records) return fail("export", records.error());
  std::fprintf(stderr, "%lld records\n", number(*records));
  return 0;
}

}  // namespace tocsin::app
