#include "store/sqlite/log_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <string>

namespace tocsin::store {
namespace {

constexpr std::size_t kGatheredBytes = std::size_t{4} << 20;

// SQLite allocates szOsFile bytes for it; the system's file stands right behind.
struct LogFile {
  sqlite3_file base;
  sqlite3_file* real;
  sqlite3_int64 offset;  // where `gathered` belongs
  std::string gathered;
};

LogFile& log_of(sqlite3_file* file) {
  return *reinterpret_cast<LogFile*>(file);
}

// SQLite's system layer takes no more than 128 KiB - 1 at once, and a multiple of 128 KiB as nothing.
constexpr std::size_t kBytesAtOnce = 124U << 10;

// After a failure the bytes are forgotten: SQLite rolls the transaction back and writes that place anew.
int flush(LogFile& log) {
  int code = SQLITE_OK;
  for (std::size_t done = 0; code == SQLITE_OK && done < log.gathered.size(); done += kBytesAtOnce) {
    const auto size = std::min(kBytesAtOnce, log.gathered.size() - done);
    code = log.real->pMethods->xWrite(log.real, log.gathered.data() + done, static_cast<int>(size),
                                      log.offset + static_cast<sqlite3_int64>(done));
  }
  log.gathered.clear();
  return code;
}

int log_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  auto& log = log_of(file);
  const bool contiguous = offset == log.offset + static_cast<sqlite3_int64>(log.gathered.size());
  if (!contiguous || log.gathered.size() >= kGatheredBytes) {
    if (const int code = flush(log); code != SQLITE_OK) return code;
  }
  if (log.gathered.empty()) log.offset = offset;
  log.gathered.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int log_close(sqlite3_file* file) {
  auto& log = log_of(file);
  const int written = flush(log);
  const int closed = log.real->pMethods->xClose(log.real);
  log.~LogFile();
  return written != SQLITE_OK ? written : closed;
}

int log_read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  auto& log = log_of(file);
  const int code = flush(log);
  return code != SQLITE_OK ? code : log.real->pMethods->xRead(log.real, bytes, size, offset);
}

int log_truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& log = log_of(file);
  const int code = flush(log);
  return code != SQLITE_OK ? code : log.real->pMethods->xTruncate(log.real, size);
}

int log_sync(sqlite3_file* file, int flags) {
  auto& log = log_of(file);
  const int code = flush(log);
  return code != SQLITE_OK ? code : log.real->pMethods->xSync(log.real, flags);
}

int log_size(sqlite3_file* file, sqlite3_int64* size) {
  auto& log = log_of(file);
  const int code = flush(log);
  return code != SQLITE_OK ? code : log.real->pMethods->xFileSize(log.real, size);
}

int log_lock(sqlite3_file* file, int level) {
  return log_of(file).real->pMethods->xLock(log_of(file).real, level);
}
int log_unlock(sqlite3_file* file, int level) {
  return log_of(file).real->pMethods->xUnlock(log_of(file).real, level);
}
int log_reserved(sqlite3_file* file, int* out) {
  return log_of(file).real->pMethods->xCheckReservedLock(log_of(file).real, out);
}
int log_control(sqlite3_file* file, int op, void* argument) {
  return log_of(file).real->pMethods->xFileControl(log_of(file).real, op, argument);
}
int log_sector(sqlite3_file* file) {
  return log_of(file).real->pMethods->xSectorSize(log_of(file).real);
}
int log_device(sqlite3_file* file) {
  return log_of(file).real->pMethods->xDeviceCharacteristics(log_of(file).real);
}

// Shared memory belongs to the database's own file, so version 1 is all that a log needs.
const sqlite3_io_methods kLogMethods{1,           log_close,  log_read,   log_write,  log_truncate,
                                     log_sync,    log_size,   log_lock,   log_unlock, log_reserved,
                                     log_control, log_sector, log_device, nullptr,    nullptr,
                                     nullptr,     nullptr,    nullptr,    nullptr};

sqlite3_vfs* system_vfs(sqlite3_vfs* vfs) {
  return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* system = system_vfs(vfs);
  if ((flags & SQLITE_OPEN_WAL) == 0) return system->xOpen(system, name, file, flags, out_flags);
  auto* real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(LogFile));
  file->pMethods = nullptr;
  const int code = system->xOpen(system, name, real, flags, out_flags);
  if (code != SQLITE_OK) return code;
  auto* log = new (file) LogFile{};
  log->base.pMethods = &kLogMethods;
  log->real = real;
  return SQLITE_OK;
}

// Everything but opening is the system's own business; it finds its state through the copied pAppData.
int register_vfs() {
  auto* system = sqlite3_vfs_find(nullptr);
  if (system == nullptr) return SQLITE_ERROR;
  static sqlite3_vfs vfs = *system;
  vfs.zName = "tocsin-log";
  vfs.pNext = nullptr;
  vfs.szOsFile = static_cast<int>(sizeof(LogFile)) + system->szOsFile;
  vfs.pAppData = system;
  vfs.xOpen = open_file;
  return sqlite3_vfs_register(&vfs, 0);
}

}  // namespace

const char* log_gathering_vfs() {
  static const int registered = register_vfs();
  return registered == SQLITE_OK ? "tocsin-log" : nullptr;
}

}  // namespace tocsin::store
