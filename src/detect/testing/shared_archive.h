#pragma once
// Public rules and events that lie beside the project and are no part of it: tests read them where they are
// there, and skip loudly where they are not. Link PkgConfig::ARCHIVE.

#include <archive.h>
#include <archive_entry.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace tocsin::test {

// "../shared/data" beside the project, or what TOCSIN_SHARED_DATA says. It may be absent.
inline std::filesystem::path shared_data() {
  const char* given = std::getenv("TOCSIN_SHARED_DATA");
  return given != nullptr ? std::filesystem::path(given)
                          : std::filesystem::path(TOCSIN_SOURCE_DIR) / "../shared/data";
}

using ArchiveReader = std::unique_ptr<archive, decltype(&archive_read_free)>;

inline std::string read_entry(archive* reader) {
  std::string content;
  std::string block(1 << 16, '\0');
  for (;;) {
    const auto size = archive_read_data(reader, block.data(), block.size());
    if (size < 0) throw std::runtime_error(archive_error_string(reader));
    if (size == 0) return content;
    content.append(block, 0, static_cast<std::size_t>(size));
  }
}

inline ArchiveReader open_archive(const std::filesystem::path& file) {
  ArchiveReader reader(archive_read_new(), &archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_raw(reader.get());
  if (archive_read_open_filename(reader.get(), file.c_str(), 1 << 16) != ARCHIVE_OK)
    throw std::runtime_error(file.string() + ": " + archive_error_string(reader.get()));
  return reader;
}

// The files of a packed tar archive, below `into`.
inline void unpack(const std::filesystem::path& file, const std::filesystem::path& into) {
  const auto reader = open_archive(file);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const auto path = into / archive_entry_pathname(entry);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << read_entry(reader.get());
  }
}

// What a single packed file holds.
inline std::string unpacked(const std::filesystem::path& file) {
  const auto reader = open_archive(file);
  archive_entry* entry = nullptr;
  if (archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
    throw std::runtime_error("empty: " + file.string());
  return read_entry(reader.get());
}

}  // namespace tocsin::test
