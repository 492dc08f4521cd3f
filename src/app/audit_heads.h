#pragma once
// Signs where the audit chains stand: every minute in which records came, and at a clean stop. Each head goes
// into the database and then, as one line, into a file beside it, so that a database which was rolled back
// does not fit the file any more. Whoever wants to be sure keeps copies of that file elsewhere.

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>

#include "app/background_thread.h"
#include "base/clock.h"
#include "base/signing_key.h"
#include "store/audit_chain.h"
#include "store/store.h"

namespace tocsin::app {

inline constexpr std::string_view kAuditHeadsFile = "audit-heads.jsonl";  // inside the data directory

class AuditHeads {
 public:
  struct Options {
    std::filesystem::path file;
    std::function<Result<SigningKey>()> key;
    std::chrono::milliseconds every{60'000};
    std::function<void(const Error&)> on_error = [](const Error&) {};
  };
  // What it borrows outlives it.
  AuditHeads(store::Database& database, const Clock& clock, Options options);
  ~AuditHeads();

  void start();
  void stop();  // signs what came since; call it when nobody writes any more

  // Now: one head for each chain with new records. Thread-safe.
  Result<void> sign();

 private:
  Result<void> sign_chain(const store::ChainEnd& end, const SigningKey& key);
  void run(BackgroundThread::Rest& rest);

  store::Database& database_;
  const Clock& clock_;
  const Options options_;
  std::mutex signing_;
  std::map<store::TenantId, std::int64_t> signed_;  // number of the newest head
  BackgroundThread thread_;
};

// The heads of such a file, each told to be of `place`; none when there is no file.
Result<std::vector<store::AnchoredHead>> read_heads_file(const std::filesystem::path& file,
                                                         const std::string& place);

}  // namespace tocsin::app
