#pragma once
// Files as a backup needs them: whole reads and writes, flushed, never through a symbolic link.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin::backup {

class Handle {
 public:
  explicit Handle(int file) : file_(file) {}
  Handle(Handle&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  Handle& operator=(Handle&&) = delete;
  ~Handle();
  int get() const { return file_; }

 private:
  int file_;
};

// kNotFound, kUnavailable, kStorageFull with the name in `where`.
Result<Handle> open_file(const std::string& file);                   // to read; no symbolic link
Result<Handle> create_file(const std::string& file, unsigned mode);  // emptied when it exists
Result<std::uint64_t> size_of(const Handle& handle, const std::string& file);
Result<std::size_t> read_some(const Handle& handle, char* to, std::size_t size);  // fewer only at the end
Result<void> write_all(const Handle& handle, std::string_view bytes, const std::string& file);
Result<void> flush(const Handle& handle, const std::string& file);
Result<void> flush_folder(const std::filesystem::path& folder);
// Durable; kConflict when `to` exists and is no empty folder.
Result<void> rename_new(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace tocsin::backup
