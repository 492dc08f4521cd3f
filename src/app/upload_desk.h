#pragma once
// Takes files: small ones are read and stored before the answer, large ones are made safe on disk, answered,
// and read behind it, also after a restart (docs/uploads.md).
//
// A file's id comes of its bytes and of the source it is read as. Its alerts are stored in chunks whose keys
// come of that id, so that reading it again, wherever it was broken off, adds none twice.

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "api/services.h"
#include "app/pipeline.h"
#include "app/upload_bytes.h"
#include "base/queue.h"
#include "ingest/file/file_reader.h"

namespace tocsin::app {

// Thread-safe. Memory is bounded by kMaxWaiting bodies and two chunks.
class UploadDesk final : public api::Uploads {
 public:
  static constexpr std::size_t kMaxWaiting = 4;              // bodies in memory; beyond: kBusy
  static constexpr std::size_t kMaxSpooled = 64;             // files that wait on disk; beyond: kBusy
  static constexpr std::size_t kSmallBytes = 4U << 20;       // unpacked; larger ones are answered first
  static constexpr std::uint64_t kMaxUnpacked = 1ULL << 30;  // of a gzip file
  static constexpr std::size_t kKeptReports = 1024;

  // Borrows what outlives it. Large files wait in `directory`, which is made when one comes.
  UploadDesk(Pipeline& pipeline, store::TenantStore& store, const Clock& clock,
             std::filesystem::path directory);
  ~UploadDesk() override;

  // Goes on with what the last run left.
  void start_reading();
  void stop();

  void start(Upload upload, Done done) override;
  Result<std::optional<api::UploadReport>> find(std::string_view id) override;

 private:
  struct Waiting {
    Upload upload;
    Done done;
  };
  using Bytes = UploadBytes;

  void receive(Waiting waiting);
  Result<api::UploadReport> answer_or_failure(Upload upload);
  Result<api::UploadReport> answer_for(Upload upload);
  Result<void> place_is_free(std::string_view id) const;
  Result<bool> recognise(std::string_view body, bool large, api::UploadReport& report) const;
  Result<ingest::FileShape> shape_of(std::string_view begin, std::string_view source) const;
  Result<api::UploadReport> spool(const Upload& upload, api::UploadReport report);
  Result<api::UploadReport> read_file(api::UploadReport report, Bytes& bytes);
  Result<void> read_chunks(api::UploadReport& report, Bytes& bytes, ingest::FileReader& reader);
  Result<void> store_new_chunks(api::UploadReport& report, ingest::FileReader& reader, std::uint64_t& number);
  Result<void> store_chunk(api::UploadReport& report, ingest::FileChunk chunk);
  Result<void> store_alerts(api::UploadReport& report, const std::vector<ingest::Record>& alerts,
                            std::uint64_t content_hash);
  Result<void> keep_unreadable(api::UploadReport& report, const std::vector<ingest::Rejection>& rejections);
  // What nobody could tell the source of is kept whole.
  Result<api::UploadReport> keep_unrecognised(api::UploadReport report, const Error& why,
                                              std::string_view head, Bytes& bytes);
  Result<void> save(const api::UploadReport& report);
  Result<void> finish(api::UploadReport& report, std::optional<Error> why);
  void read_spooled_or_later(const std::string& id);
  void read_spooled(const std::string& id);
  void read_again(const std::string& id);
  void find_spooled();
  bool stops_within(std::chrono::milliseconds pause);
  template <class Try>
  auto until_taken(Try try_once) -> decltype(try_once());

  Pipeline& pipeline_;
  store::TenantStore& store_;
  const Clock& clock_;
  const std::filesystem::path directory_;
  BoundedQueue<Waiting> waiting_{kMaxWaiting};
  BoundedQueue<std::string> spooled_{kMaxSpooled + 1};  // and the one that is being read
  std::mutex mutex_;
  std::condition_variable stopping_changed_;
  bool stopping_ = false;
  std::jthread receiver_;
  std::jthread reader_;
};

}  // namespace tocsin::app
