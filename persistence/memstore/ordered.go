package memstore

import (
	"cmp"
	"iter"
	"slices"
)

// ordered is a map that is ranged over in the order of its keys. It must not change meanwhile.
type ordered[K cmp.Ordered, V any] struct {
	keys   []K
	values []V // beside their keys
}

// set is an ordered one of keys alone.
type set[K cmp.Ordered] = ordered[K, struct{}]

// get returns the value of k, or the zero value.
func (o *ordered[K, V]) get(k K) (v V) {
	if i, ok := slices.BinarySearch(o.keys, k); ok {
		v = o.values[i]
	}
	return v
}

func (o *ordered[K, V]) has(k K) bool {
	_, ok := slices.BinarySearch(o.keys, k)
	return ok
}

func (o *ordered[K, V]) put(k K, v V) {
	i, ok := slices.BinarySearch(o.keys, k)
	if ok {
		o.values[i] = v
		return
	}
	o.keys = slices.Insert(o.keys, i, k)
	o.values = slices.Insert(o.values, i, v)
}

// drop takes k away and tells whether it was there.
func (o *ordered[K, V]) drop(k K) bool {
	i, ok := slices.BinarySearch(o.keys, k)
	if ok {
		o.keys = slices.Delete(o.keys, i, i+1)
		o.values = slices.Delete(o.values, i, i+1)
	}
	return ok
}

func (o *ordered[K, V]) all() iter.Seq2[K, V] { return o.from(0) }

// above are those with a higher key than k.
func (o *ordered[K, V]) above(k K) iter.Seq2[K, V] {
	i, ok := slices.BinarySearch(o.keys, k)
	if ok {
		i++
	}
	return o.from(i)
}

func (o *ordered[K, V]) from(i int) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for ; i < len(o.keys); i++ {
			if !yield(o.keys[i], o.values[i]) {
				return
			}
		}
	}
}
