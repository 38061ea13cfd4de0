// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IStateReader} from "../interfaces/IStateReader.sol";
import {Checkpoint} from "../interfaces/Types.sol";
import {Locks} from "./Locks.sol";

/// Example, destination side: mints, once for each deposit, what it reads in a LockBox's storage.
contract MintBridge is ERC20 {
    /// @param sourceChainKey  chain the LockBox is on
    /// @param localChainKey   this chain's own
    /// @param sourceToken     the one token this bridge stands for; zero for the source's native coin
    /// @param age             how settled and how fresh a checkpoint must be
    struct Config {
        IStateReader reader;
        bytes31 sourceChainKey;
        bytes31 localChainKey;
        address lockBox;
        address sourceToken;
        IStateReader.Age age;
    }

    IStateReader public immutable READER;
    bytes31 public immutable SOURCE_CHAIN_KEY;
    bytes31 public immutable LOCAL_CHAIN_KEY;
    address public immutable LOCK_BOX;
    address public immutable SOURCE_TOKEN;
    uint64 public immutable MIN_AGE;
    uint64 public immutable MAX_AGE;

    mapping(uint256 nonce => bool) public minted;

    event Minted(uint256 indexed nonce, address indexed recipient, uint256 amount, uint64 height);

    error WrongSourceChain(bytes31 expected, bytes31 actual);
    error AlreadyMinted(uint256 nonce);
    error LockAbsent(uint256 nonce);
    error LockMismatch(bytes32 expected, bytes32 actual);

    constructor(Config memory c, string memory name_, string memory symbol_) ERC20(name_, symbol_) {
        READER = c.reader;
        SOURCE_CHAIN_KEY = c.sourceChainKey;
        LOCAL_CHAIN_KEY = c.localChainKey;
        LOCK_BOX = c.lockBox;
        SOURCE_TOKEN = c.sourceToken;
        (MIN_AGE, MAX_AGE) = (c.age.minAge, c.age.maxAge);
    }

    /// Mints a deposit that the LockBox recorded for this bridge. Anyone may call; the recipient is in the record.
    function mint(
        uint256 nonce,
        uint256 amount,
        address recipient,
        Checkpoint calldata checkpoint,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external {
        if (checkpoint.chainKey != SOURCE_CHAIN_KEY) revert WrongSourceChain(SOURCE_CHAIN_KEY, checkpoint.chainKey);
        if (minted[nonce]) revert AlreadyMinted(nonce);
        minted[nonce] = true;

        (bool exists, uint256 word) = READER.readStorage(
            checkpoint,
            LOCK_BOX,
            Locks.slotOf(nonce),
            accountProof,
            storageProof,
            IStateReader.Age(MIN_AGE, MAX_AGE)
        );
        if (!exists) revert LockAbsent(nonce);
        bytes32 expected =
            Locks.digest(Locks.Lock(nonce, SOURCE_TOKEN, amount, recipient, LOCAL_CHAIN_KEY, address(this)));
        if (bytes32(word) != expected) revert LockMismatch(expected, bytes32(word));

        _mint(recipient, amount);
        emit Minted(nonce, recipient, amount, checkpoint.height);
    }
}
