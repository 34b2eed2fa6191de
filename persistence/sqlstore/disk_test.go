package sqlstore

import (
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// disk stands in for the disk under a store. It counts flushes, knows what would be lost at a
// power cut, and fails when told to. What it is asked for goes on to real files.
type disk struct {
	vfs.VFSFilename
	mu      sync.Mutex
	flushed map[string][]byte  // each file as of its last flush
	since   map[string][]write // what was written to it after that
	flushes map[string]int

	onWrite func()           // called before each write
	full    func(n int) bool // whether the disk has no space for a write of n bytes
	broken  func() bool      // whether a flush fails
}

// write is a piece of a file, or its truncation where data is nil.
type write struct {
	at   int64
	data []byte
}

// newDisk makes a disk; the name goes into Options.vfs.
func newDisk(t *testing.T) (*disk, Options) {
	d := &disk{
		VFSFilename: vfs.Find("os").(vfs.VFSFilename),
		flushed:     map[string][]byte{}, since: map[string][]write{}, flushes: map[string]int{},
		onWrite: func() {}, full: func(int) bool { return false }, broken: func() bool { return false },
	}
	name := strings.ReplaceAll(t.Name(), "/", "-")
	vfs.Register(name, d)
	t.Cleanup(func() { vfs.Unregister(name) })
	return d, Options{vfs: name}
}

func (d *disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := d.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &diskFile{File: f, disk: d, name: filepath.Base(name.String())}, flags, nil
}

func (d *disk) Delete(path string, syncDir bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := filepath.Base(path)
	delete(d.flushed, name)
	delete(d.since, name)
	return d.VFSFilename.Delete(path, syncDir)
}

// diskFile is one open file of a disk.
type diskFile struct {
	vfs.File
	disk *disk
	name string
}

func (f *diskFile) SharedMemory() vfs.SharedMemory {
	return f.File.(vfs.FileSharedMemory).SharedMemory()
}

func (f *diskFile) WriteAt(p []byte, at int64) (int, error) {
	f.disk.onWrite()
	if f.disk.full(len(p)) {
		return 0, sqlite3.FULL
	}
	f.disk.note(f.name, write{at, append([]byte{}, p...)})
	return f.File.WriteAt(p, at)
}

func (f *diskFile) Truncate(size int64) error {
	f.disk.note(f.name, write{at: size})
	return f.File.Truncate(size)
}

func (f *diskFile) Sync(flags vfs.SyncFlag) error {
	if f.disk.broken() {
		return sqlite3.IOERR_FSYNC
	}
	if err := f.File.Sync(flags); err != nil {
		return err
	}
	size, err := f.File.Size()
	if err != nil {
		return err
	}
	whole := make([]byte, size)
	if _, err := f.File.ReadAt(whole, 0); err != nil && err != io.EOF {
		return err
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.disk.flushed[f.name] = whole
	delete(f.disk.since, f.name)
	f.disk.flushes[f.name]++
	return nil
}

func (d *disk) note(name string, w write) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.since[name] = append(d.since[name], w)
}

// unflushed are the writes to a file that a power cut may take back, and how often it was flushed.
func (d *disk) unflushed(name string) (writes, flushes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.since[name]), d.flushes[name]
}

// cut is what the files may be after a power cut at this moment: all that was flushed, and of
// the later writes some, whole or torn, as rng has it.
func (d *disk) cut(rng *rand.Rand) map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	files := maps.Clone(d.flushed)
	for name, writes := range d.since {
		file := append([]byte{}, files[name]...)
		for _, w := range writes {
			if rng.IntN(3) > 0 {
				file = w.apply(file, rng)
			}
		}
		files[name] = file
	}
	return files
}

const sector = 512

func (w write) apply(file []byte, rng *rand.Rand) []byte {
	if w.data == nil {
		return file[:min(int64(len(file)), w.at)]
	}
	data := w.data
	if len(data) > sector && rng.IntN(2) == 0 {
		data = data[:rng.IntN(len(data)/sector)*sector]
	}
	if end := int(w.at) + len(data); end > len(file) {
		file = append(file, make([]byte, end-len(file))...)
	}
	copy(file[w.at:], data)
	return file
}

// restore writes the files into a new folder and returns the path of the database.
func restore(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "chat.db")
}
