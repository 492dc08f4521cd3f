#pragma once
// Packed bytes for tests. Link PkgConfig::ARCHIVE.

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <string_view>

namespace tocsin::test {

// `filter` is ARCHIVE_FILTER_GZIP, _XZ, _ZSTD or _NONE.
inline std::string packed(std::string_view bytes, int filter) {
  std::string out(bytes.size() * 2 + (64U << 10), '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_add_filter(writer, filter);
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, bytes.data(), bytes.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

}  // namespace tocsin::test
