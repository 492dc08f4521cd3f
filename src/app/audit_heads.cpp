#include "app/audit_heads.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace tocsin::app {
namespace {

Error cannot(const char* what, const std::filesystem::path& file) {
  return error(ErrorKind::kUnavailable, what, file.string() + ": " + std::generic_category().message(errno),
               "Make it accessible to the user that runs the server");
}

bool ends_with_a_line(int file) {
  const auto size = lseek(file, 0, SEEK_END);
  char last = '\n';
  return size <= 0 || (pread(file, &last, 1, size - 1) == 1 && last == '\n');
}

// One write, so that no other process's line gets between; a line that a power cut tore is ended first.
Result<void> append_line(const std::filesystem::path& path, std::string line) {
  const int file = open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return cannot("keep a signed head", path);
  line += '\n';
  if (!ends_with_a_line(file)) line.insert(0, 1, '\n');
  const bool kept =
      write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && fdatasync(file) == 0;
  const auto result = kept ? Result<void>() : Result<void>(cannot("keep a signed head", path));
  close(file);
  return result;
}

}  // namespace

AuditHeads::AuditHeads(store::Database& database, const Clock& clock, Options options)
    : database_(database), clock_(clock), options_(std::move(options)) {}

AuditHeads::~AuditHeads() {
  stop();
}

void AuditHeads::start() {
  thread_.start("audit-heads", [this](BackgroundThread::Rest& rest) { run(rest); });
}

void AuditHeads::stop() {
  if (!thread_.stop()) return;
  if (auto done = sign(); !done) options_.on_error(done.error());
}

void AuditHeads::run(BackgroundThread::Rest& rest) {
  while (!rest.is_stopping()) {
    rest.pause(options_.every);
    if (rest.is_stopping()) return;
    if (auto done = sign(); !done) options_.on_error(done.error());
  }
}

Result<void> AuditHeads::sign() {
  const std::lock_guard lock(signing_);
  TOCSIN_TRY(ends, database_.chain_ends());
  std::erase_if(ends, [&](const store::ChainEnd& end) { return signed_[end.tenant] == end.number; });
  if (ends.empty()) return {};
  TOCSIN_TRY(key, options_.key());
  for (const auto& end : ends) TOCSIN_CHECK(sign_chain(end, key));
  return {};
}

Result<void> AuditHeads::sign_chain(const store::ChainEnd& end, const SigningKey& key) {
  auto& audit = database_.tenant(end.tenant).audit();
  TOCSIN_TRY(known, audit.heads(end.number - 1, 1));  // of a run before this one
  if (known.empty()) {
    TOCSIN_TRY(head, store::sign_head(end, clock_.now(), key));
    TOCSIN_CHECK(audit.add_head(head));
    TOCSIN_CHECK(append_line(options_.file, store::to_json_line(head)));
  }
  signed_[end.tenant] = end.number;
  return {};
}

Result<std::vector<store::AnchoredHead>> read_heads_file(const std::filesystem::path& file,
                                                         const std::string& place) {
  std::vector<store::AnchoredHead> heads;
  std::error_code trouble;
  if (!std::filesystem::exists(file, trouble)) return heads;
  std::ifstream in(file, std::ios::binary);
  if (!in) return cannot("read signed heads", file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  TOCSIN_TRY(read, store::parse_heads(text));
  for (auto& head : read.heads) heads.push_back({std::move(head), place});
  return heads;
}

}  // namespace tocsin::app
