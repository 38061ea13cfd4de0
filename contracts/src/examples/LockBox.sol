// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Locks} from "./Locks.sol";

/// Example, source side: keeps what is deposited and leaves a digest in storage for the other chain to read.
/// One direction only; the way back is the same pair with the roles of the chains exchanged.
contract LockBox {
    using SafeERC20 for IERC20;

    /// Zero until the nonce is used. Read on other chains at Locks.slotOf(nonce): must stay the first variable.
    mapping(uint256 nonce => bytes32 digest) public locks;
    uint256 public nextNonce;

    event Locked(
        uint256 indexed nonce,
        address indexed token,
        uint256 amount,
        address recipient,
        bytes31 destination,
        address bridge
    );

    error NothingLocked();
    error UnexpectedValue(uint256 value);

    /// @param token   zero for the native coin, which is then the whole of msg.value
    /// @param amount  of the token to pull from the caller; ignored for the native coin
    /// @return nonce  under which the deposit can be minted once
    function lock(address token, uint256 amount, address recipient, bytes31 destination, address bridge)
        external
        payable
        returns (uint256 nonce)
    {
        if (token == address(0)) {
            amount = msg.value;
        } else {
            if (msg.value != 0) revert UnexpectedValue(msg.value);
            // What arrived, not what was asked for: some tokens keep a part.
            uint256 before = IERC20(token).balanceOf(address(this));
            IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
            amount = IERC20(token).balanceOf(address(this)) - before;
        }
        if (amount == 0) revert NothingLocked();
        nonce = nextNonce++;
        locks[nonce] = Locks.digest(Locks.Lock(nonce, token, amount, recipient, destination, bridge));
        emit Locked(nonce, token, amount, recipient, destination, bridge);
    }
}
