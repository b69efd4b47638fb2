#pragma once
// Columns in plain memory: what local relations and tests are made of.
#include <memory>
#include <string>
#include <vector>

#include "types/vector.h"

namespace firesteel {

/// A column that owns its memory and can be read as an InputVector once written.
class MemoryVector final : public OutputVector {
 public:
  MemoryVector(DataType type, size_t rows);
  ~MemoryVector() override;
  MemoryVector(const MemoryVector&) = delete;
  MemoryVector& operator=(const MemoryVector&) = delete;

  void SetNull(size_t row) override;
  void SetString(size_t row, std::string_view bytes) override;
  uint64_t AppendList(size_t row, uint64_t size) override;
  OutputVector& child(size_t index) override { return *children_[index]; }

  /// Valid until the vector is written to or destroyed.
  InputVector View() const;

 private:
  void Grow(size_t rows);

  size_t rows_ = 0;
  size_t list_size_ = 0;         // elements given out so far
  std::vector<uint64_t> words_;  // the cells, as aligned memory
  std::vector<uint64_t> validity_;
  std::vector<std::unique_ptr<char[]>> strings_;  // blocks of the longer strings' bytes
  size_t block_free_ = 0;                         // at the end of the last block
  char* block_next_ = nullptr;
  std::vector<std::unique_ptr<MemoryVector>> children_;
};

/// Bytes of one cell in the layout of vector.h; 0 for structs.
size_t CellBytes(const DataType& type);
/// The types of the child vectors: a list's element, a map's entry struct, a struct's fields, a variant's binaries.
std::vector<DataType> ChildTypes(const DataType& type);

}  // namespace firesteel
