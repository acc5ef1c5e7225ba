"""What `blocks` offers, as LLVM code."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from classifier.kernels.machine.blocks import BLOCK, UTF8_CHOOSY, UTF8_OPENERS


class _Block:
    """The LLVM code for questions about some bytes."""

    def __init__(self, context: Any, builder: Any, sig: Any, args: Any, n: int = BLOCK) -> None:
        self.builder = builder
        array = context.make_array(sig.args[0])(context, builder, args[0])
        kind = ir.VectorType(ir.IntType(8), n)
        place = builder.bitcast(cgutils.gep(builder, array.data, args[1]), kind.as_pointer())
        self.bytes = builder.load(place, align=1)

    def constant(self, byte: int) -> Any:
        return ir.Constant(self.bytes.type, [byte] * self.bytes.type.count)

    def repeated(self, byte: Any) -> Any:
        """Repeat a byte that is known when the code runs."""
        number = ir.IntType(32)
        found = self.builder.trunc(byte, ir.IntType(8))
        found = self.builder.insert_element(self.constant(0), found, number(0))
        zeros = ir.Constant(ir.VectorType(number, self.bytes.type.count), None)
        return self.builder.shuffle_vector(found, found, zeros)

    def between(self, first: int, last: int) -> Any:
        """Flag the bytes from `first` to `last`."""
        moved = self.builder.sub(self.bytes, self.constant(first))
        return self.builder.icmp_unsigned("<", moved, self.constant(last - first + 1))

    def equal(self, byte: int) -> Any:
        return self.builder.icmp_unsigned("==", self.bytes, self.constant(byte))

    def either(self, *flags: Any) -> Any:
        found = flags[0]
        for more in flags[1:]:
            found = self.builder.or_(found, more)
        return found

    def mask(self, flags: Any) -> Any:
        return self.builder.bitcast(flags, ir.IntType(64))

    def folded(self) -> Any:
        """Make letters small and digits "0"."""
        bit = self.builder.and_(self.bytes, self.constant(0x40))
        letters = self.builder.icmp_unsigned("!=", bit, self.constant(0))
        small = self.builder.or_(self.bytes, self.constant(0x20))
        return self.builder.select(letters, small, self.constant(0x30))

    def halves(self, values: Any, n: Any) -> list[Any]:
        """Keep the first `n` of 16 bytes, and give them as two 64-bit integers."""
        number = ir.IntType(32)
        places = ir.Constant(self.bytes.type, list(range(16)))
        inside = self.builder.icmp_unsigned("<", places, self.repeated(n))
        kept = self.builder.select(inside, values, self.constant(0))
        pair = self.builder.bitcast(kept, ir.VectorType(ir.IntType(64), 2))
        return [self.builder.extract_element(pair, number(half)) for half in (0, 1)]


@intrinsic
def ascii_classes(typingctx: Any, data: Any, i: Any) -> Any:
    """Classify the 64 bytes from ``data[i]`` on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        block = _Block(context, builder, sig, args)
        space = block.either(block.equal(0x20), block.between(9, 13), block.between(28, 31))
        control = block.either(block.between(0, 31), block.equal(0x7F))
        flags = (
            block.between(ord("a"), ord("z")),
            block.between(ord("A"), ord("Z")),
            block.between(ord("0"), ord("9")),
            space,
            builder.and_(control, builder.not_(space)),
            block.between(0xC0, 0xFF),
            block.between(0x80, 0xBF),
        )
        masks = [block.mask(flag) for flag in flags]
        return context.make_tuple(builder, sig.return_type, masks)

    return types.UniTuple(types.uint64, 7)(data, types.int64), emit


@intrinsic
def bytes_between(typingctx: Any, data: Any, i: Any, first: Any, last: Any) -> Any:
    """Return the mask of bytes from `first` to `last` among the 64 from ``data[i]`` on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        block = _Block(context, builder, sig, args)
        low, high = (block.repeated(bound) for bound in args[2:])
        moved = builder.sub(block.bytes, low)
        return block.mask(builder.icmp_unsigned("<=", moved, builder.sub(high, low)))

    return types.uint64(data, types.int64, types.int64, types.int64), emit


@intrinsic
def utf8_classes(typingctx: Any, data: Any, i: Any) -> Any:
    """Classify the 64 bytes from ``data[i]`` on as parts of UTF-8 sequences."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        block = _Block(context, builder, sig, args)
        flags = (
            *(block.between(0x80, last) for last in (0xBF, 0x9F, 0x8F)),
            *(block.between(*opener) for opener in UTF8_OPENERS),
            *(block.equal(byte) for byte in UTF8_CHOOSY),
        )
        masks = [block.mask(flag) for flag in flags]
        return context.make_tuple(builder, sig.return_type, masks)

    return types.UniTuple(types.uint64, 10)(data, types.int64), emit


@intrinsic
def fold_block(typingctx: Any, data: Any, i: Any, target: Any, j: Any) -> Any:
    """Copy 64 bytes from ``data[i]`` on to ``target[j]`` on, folded."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        folded = _Block(context, builder, sig, args).folded()
        array = context.make_array(sig.args[2])(context, builder, args[2])
        place = cgutils.gep(builder, array.data, args[3])
        builder.store(folded, builder.bitcast(place, folded.type.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(data, types.int64, target, types.int64), emit


@intrinsic
def copy_block(typingctx: Any, source: Any, i: Any, target: Any, j: Any) -> Any:
    """Copy 64 bytes from ``source[i]`` on to ``target[j]`` on."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        block = _Block(context, builder, sig, args)
        array = context.make_array(sig.args[2])(context, builder, args[2])
        place = cgutils.gep(builder, array.data, args[3])
        pointer = builder.bitcast(place, block.bytes.type.as_pointer())
        builder.store(block.bytes, pointer, align=1)
        return context.get_dummy_value()

    return types.void(source, types.int64, target, types.int64), emit


@intrinsic
def sixteen_bytes(typingctx: Any, data: Any, i: Any, n: Any) -> Any:
    """Load `n` bytes, at most 16, from ``data[i]`` on as two uint64, zeros behind them."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        block = _Block(context, builder, sig, args, 16)
        parts = block.halves(block.bytes, args[2])
        return context.make_tuple(builder, sig.return_type, parts)

    return types.UniTuple(types.uint64, 2)(data, types.int64, types.int64), emit
