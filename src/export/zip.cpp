#include "export/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace tocsin::exports {
namespace {

struct FreeArchive {
  void operator()(archive* given) const { archive_write_free(given); }
};
struct FreeEntry {
  void operator()(archive_entry* given) const { archive_entry_free(given); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

la_ssize_t append_bytes(archive*, void* out, const void* bytes, std::size_t length) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), length);
  return static_cast<la_ssize_t>(length);
}

Error failed(archive* writer) {
  const char* why = archive_error_string(writer);
  return error(ErrorKind::kInternal, "make a ZIP archive", why == nullptr ? "libarchive failed" : why);
}

Result<void> add(archive* writer, const ZipEntry& file, Timestamp at) {
  const Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), file.name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(
      entry.get(),
      std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(at)), 0);
  if (archive_write_header(writer, entry.get()) != ARCHIVE_OK) return failed(writer);
  const auto written = archive_write_data(writer, file.bytes.data(), file.bytes.size());
  if (written != static_cast<la_ssize_t>(file.bytes.size())) return failed(writer);
  return {};
}

}  // namespace

Result<std::string> make_zip(const std::vector<ZipEntry>& entries, Timestamp at) {
  std::string out;
  const Archive writer(archive_write_new());
  bool ready = archive_write_set_format_zip(writer.get()) == ARCHIVE_OK;
  ready = ready && archive_write_set_bytes_per_block(writer.get(), 0) == ARCHIVE_OK;
  ready = ready && archive_write_open(writer.get(), &out, nullptr, append_bytes, nullptr) == ARCHIVE_OK;
  if (!ready) return failed(writer.get());
  for (const auto& entry : entries) TOCSIN_CHECK(add(writer.get(), entry, at));
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed(writer.get());
  return out;
}

}  // namespace tocsin::exports
